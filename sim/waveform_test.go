package sim

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/vcdread"
	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
	"github.com/convsim/convsim/tensor"
)

// waveformOf runs a shipped design with data and reads its waveform.
func waveformOf(t *testing.T, d *Design, data *Data, frames int, w Waveform) (*Outcome, *vcdread.Dump) {
	t.Helper()
	var b bytes.Buffer
	w.Write = func(play func(probe.Form) error) error { return play(probe.Signals(asVCD(&b))) }
	out, err := d.Run(context.Background(), data, frames, Options{Wave: &w})
	if err != nil {
		t.Fatal(err)
	}
	read, err := vcdread.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out, read
}

func asVCD(w io.Writer) probe.Open {
	return func(signals []wave.Signal, _, _ int64) wave.Writer { return wave.NewVCD(w, "", signals) }
}

func shipped(t *testing.T, hardware, layer string) *Design {
	t.Helper()
	hw, err := configs.LoadHardware(hardware)
	if err != nil {
		t.Fatal(err)
	}
	l, err := configs.LoadLayer(layer)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesign(hw, l)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWaveform: read back, the states of a stage sum to the report, valid and ready are
// both high when the trace has a handshake, and fills are those of the report.
func TestWaveform(t *testing.T) {
	d := shipped(t, "edge-8x8", "digits_conv2")
	out, read := waveformOf(t, d, nil, 7, Waveform{To: clock.Never})
	every, err := d.Run(context.Background(), nil, 7, Options{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	cycles := int(out.Report.Cycles)
	each := func(name string) []string { return read.Each("convsim."+name, 0, 1, cycles) }
	for _, s := range out.Report.Stages {
		got := map[string]int64{}
		for _, v := range each(s.Name + ".state") {
			got[v]++
		}
		if got["busy"] != s.Busy || got["starved"] != s.Starved || got["blocked"] != s.Blocked ||
			got["throttled"]+got["turnaround"]+got["finished"] != s.Other {
			t.Errorf("%s: %v, the report says %+v", s.Name, got, s)
		}
	}
	for i, f := range out.Report.FIFOs {
		name := strings.ReplaceAll(f.Name, ".", "_")
		full := int64(0)
		for _, v := range each(name + ".fill") {
			if v == fmt.Sprintf("%b", f.Depth) {
				full++
			}
		}
		if full != f.FullCycles {
			t.Errorf("%s is full in %d cycles, the report says %d", f.Name, full, f.FullCycles)
		}
		for end, want := range map[string]*clock.Trace{"in": every.Records[i].In, "out": every.Records[i].Out} {
			valid, ready := each(name+"."+end+"_valid"), each(name+"."+end+"_ready")
			n := int64(0)
			for at := range cycles {
				if valid[at] == "1" && ready[at] == "1" {
					if want.Nth(n) != clock.Cycle(at) {
						t.Fatalf("%s %s: handshake %d in cycle %d, the trace has %d", name, end, n, at, want.Nth(n))
					}
					n++
				}
			}
			if n == 0 || n != want.Len() {
				t.Errorf("%s %s: %d handshakes, the trace has %d", name, end, n, want.Len())
			}
		}
	}
}

// TestWaveformData: what moves at the ends of the pipeline, beat by beat, is the images
// and the output, whole and in a window, whatever the lanes; and the run is the same.
func TestWaveformData(t *testing.T) {
	for _, c := range []struct{ hardware, layer string }{{"edge-8x8", "digits_conv2"}, {"parallel-4x16", "float32"}, {"edge-8x8", "textbook_pointwise"}} {
		t.Run(c.layer, func(t *testing.T) {
			d := shipped(t, c.hardware, c.layer)
			data, err := d.LoadData(context.Background(), Paths{}, 1, 2)
			if err != nil {
				t.Fatal(err)
			}
			out, read := waveformOf(t, d, data, 2, Waveform{To: clock.Never})
			in, y := d.Plan.Edges[0], d.Plan.Edges[len(d.Plan.Edges)-1]
			first := moved(read, in.Name, 0, out.Report.Cycles)
			last := moved(read, y.Name, 0, out.Report.Cycles)
			all := elements(last, y.Stream.Elem.Bits())
			if got, want := all, nhwc(out.Output); strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%d elements leave, %d were computed, or others", len(got), len(want))
			}
			images := elements(first, in.Stream.Elem.Bits())
			if want := nhwc(data.Input); len(images) == 0 || !strings.HasPrefix(strings.Join(want, " "), strings.Join(images, " ")) {
				t.Errorf("%d elements enter of %d, or others", len(images), len(want))
			}
			mid := out.Report.Cycles / 2
			_, part := waveformOf(t, d, data, 2, Waveform{From: clock.Cycle(mid), To: clock.Cycle(mid + mid/2)})
			window := moved(part, y.Name, mid, mid+mid/2)
			whole := moved(read, y.Name, mid, mid+mid/2)
			if strings.Join(window, " ") != strings.Join(whole, " ") {
				t.Errorf("a window shows other beats: %d, want %d", len(window), len(whole))
			}
		})
	}
}

// moved is the words that leave an edge in cycles from a to b.
func moved(read *vcdread.Dump, edge string, a, b int64) []string {
	return movedIn(read, "convsim."+strings.ReplaceAll(edge, ".", "_")+".", a, b)
}

// movedIn is the same of the edge of a scope.
func movedIn(read *vcdread.Dump, name string, a, b int64) (list []string) {
	if _, fifo := read.Signals[name+"out_valid"]; fifo {
		name += "out_"
	}
	n := int(b - a)
	valid, ready, word := read.Each(name+"valid", a, 1, n), read.Each(name+"ready", a, 1, n), read.Each(name+"data", a, 1, n)
	for i := range n {
		if valid[i] == "1" && ready[i] == "1" {
			list = append(list, word[i])
		}
	}
	return list
}

// elements parts words into lanes, the lowest first; those without data are left out.
func elements(words []string, bits int) (list []string) {
	for _, w := range words {
		for end := len(w); end > 0; end -= bits {
			if e := w[end-bits : end]; !strings.Contains(e, "x") {
				list = append(list, e)
			}
		}
	}
	return list
}

// nhwc is the elements of an NCHW tensor in the order of pixels, in bits.
func nhwc(x *tensor.Tensor) (list []string) {
	s := x.Shape()
	size := s[2] * s[3]
	for n := range s[0] {
		for pixel := range size {
			for c := range s[1] {
				list = append(list, bitsOf(x, (n*s[1]+c)*size+pixel))
			}
		}
	}
	return list
}

func bitsOf(x *tensor.Tensor, i int) string {
	if x.DType() == tensor.Float32 {
		return fmt.Sprintf("%032b", math.Float32bits(float32(x.Float(i))))
	}
	bits := x.DType().Bits()
	return fmt.Sprintf("%0*b", bits, uint64(x.Int(i))&(1<<bits-1))
}
