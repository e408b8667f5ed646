package proof_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/vcdread"
	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/pipeline/probe"
	"github.com/convsim/convsim/sim"
)

// TestWavesOfHardware: the dump that Icarus writes of a random design's hardware and the
// one that convsim writes have the same handshakes in the same cycles at both ends of
// every edge, and the same data on every lane that carries any.
func TestWavesOfHardware(t *testing.T) {
	simulator(t, proof.Icarus)
	for seed := range uint64(designs(t, 12)) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			d := randomDesign(rand.New(rand.NewPCG(seed, 14)))
			p, err := proof.New(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			compareWaves(t, d, p, dumpOf(t, p), waveOf(t, d))
		})
	}
}

// TestWavesOfTheDemo: the same of the demo's hardware, of its first frames.
func TestWavesOfTheDemo(t *testing.T) {
	simulator(t, proof.Icarus)
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.LoadLayer("digits_conv2")
	if err != nil {
		t.Fatal(err)
	}
	design, err := sim.NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	const frames = 4
	data, err := design.LoadData(t.Context(), sim.Paths{}, 1, frames)
	if err != nil {
		t.Fatal(err)
	}
	d := proof.Layer(design, data, frames)
	p, err := proof.New(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	compareWaves(t, d, p, dumpOf(t, p), waveOf(t, d))
}

// compareWaves compares two dumps, handshake by handshake.
func compareWaves(t *testing.T, d proof.Design, p *proof.Project, rtl, own *vcdread.Dump) {
	t.Helper()
	cycles := int(p.Cycles)
	top := p.Name + "_tb."
	begin := int64(-1) // the clock edge that ends cycle 0
	running := rtl.Signals[top+"running"]
	for _, c := range rtl.Signals[top+"aclk"] {
		if c.Value == "1" && c.At > running[len(running)-1].At && begin < 0 {
			begin = c.At
		}
	}
	both, words := 0, 0
	for i, e := range d.Plan.Edges {
		w := p.Circuit.Edges[i]
		scope := "convsim." + strings.ReplaceAll(e.Name, ".", "_") + "."
		for _, end := range []struct{ signal, prefix string }{{w.In, "in_"}, {w.Out, "out_"}} {
			if _, fifo := own.Signals[scope+"in_valid"]; !fifo {
				end.prefix = ""
			}
			hard := func(name string) []string { return rtl.Each(top+"dut."+end.signal+name, begin-1, 2, cycles) }
			soft := func(name string) []string { return own.Each(scope+end.prefix+name, 0, 1, cycles) }
			hv, hr, hd, sv, sr, sd := hard("_valid"), hard("_ready"), hard("_data"), soft("valid"), soft("ready"), soft("data")
			for c := range lastMove(sv, sr) + 1 { // then hardware pads a frame that never comes
				moves := hv[c] == "1" && hr[c] == "1"
				if moves != (sv[c] == "1" && sr[c] == "1") {
					t.Fatalf("%s%s cycle %d: hardware has valid %s ready %s, convsim %s %s\n%+v", e.Name, end.prefix, c, hv[c], hr[c], sv[c], sr[c], d.Plan)
				}
				if moves {
					both++
					if n, same := lanes(hd[c], sd[c]); !same {
						t.Fatalf("%s %s cycle %d:\nhardware %s\nconvsim  %s\n%+v", e.Name, end.prefix, c, hd[c], sd[c], d.Plan)
					} else {
						words += n
					}
				}
			}
		}
	}
	if both == 0 || words == 0 {
		t.Errorf("%d handshakes, %d bits", both, words)
	}
}

// lastMove is the last cycle in which a beat moves, -1 if none does.
func lastMove(valid, ready []string) int {
	for c := len(valid) - 1; c >= 0; c-- {
		if valid[c] == "1" && ready[c] == "1" {
			return c
		}
	}
	return -1
}

// lanes compares the bits that convsim knows, and counts them. Hardware may have more
// bits, and leaves out zeros in front.
func lanes(hard, soft string) (n int, same bool) {
	for i := range len(soft) {
		want := soft[len(soft)-1-i]
		got := byte('0')
		if i < len(hard) {
			got = hard[len(hard)-1-i]
		} else if len(hard) > 0 && hard[0] == 'x' {
			got = 'x'
		}
		if want == 'x' {
			continue
		}
		if n++; got != want {
			return n, false
		}
	}
	return n, true
}

// dumpOf simulates a project with a dump of everything.
func dumpOf(t *testing.T, p *proof.Project) *vcdread.Dump {
	t.Helper()
	dir := t.TempDir()
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("make", "wave")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "build", "wave.vcd"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := vcdread.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// waveOf is convsim's own dump of a design, with all data.
func waveOf(t *testing.T, d proof.Design) *vcdread.Dump {
	t.Helper()
	r, err := clock.Solve(d.Plan, clock.Options{Frames: int64(d.Frames)})
	if err != nil {
		t.Fatal(err)
	}
	turn := &probe.Turn{Plan: d.Plan, Run: clock.Options{Frames: int64(d.Frames)}, Result: r}
	o := probe.Options{To: clock.Never, Edge: func(string) bool { return true }}
	turn.Values = probe.NewValues(turn, o)
	go func() {
		_, err := flow.Run(context.Background(), d.Plan, d.Constants, flow.Options{Frames: d.Frames, Watch: turn.Values.Watch()})
		turn.Values.End(err)
	}()
	var b bytes.Buffer
	p := probe.New([]*probe.Turn{turn}, o, probe.Signals(open(&b)))
	if err := errors.Join(p.Show(turn), p.Close()); err != nil {
		t.Fatal(err)
	}
	turn.Values.Stop()
	read, err := vcdread.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func open(w io.Writer) probe.Open {
	return func(signals []wave.Signal, _, _ int64) wave.Writer { return wave.NewVCD(w, "", signals) }
}
