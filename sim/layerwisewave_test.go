package sim

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/vcdread"
	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
)

// drawnLayerwise is a run layer by layer, its waveform, and its machines run once more with all
// that moves.
type drawnLayerwise struct {
	layers  *Layerwise
	out     *LayerwiseOutcome
	dump    *vcdread.Dump
	records [][]clock.EdgeRecord
}

func drawLayerwise(t *testing.T, text string, w Waveform, o Options) drawnLayerwise {
	t.Helper()
	var b bytes.Buffer
	w.Write = func(play func(probe.Form) error) error { return play(probe.Signals(asVCD(&b))) }
	o.Wave = &w
	d := drawnLayerwise{}
	d.layers, d.out = layerwise(t, text, o)
	var err error
	if d.dump, err = vcdread.Read(&b); err != nil {
		t.Fatal(err)
	}
	for _, s := range d.out.Steps {
		r, err := clock.Solve(s.Plan, clock.Options{Frames: int64(d.layers.frames(o)), Record: true})
		if err != nil {
			t.Fatal(err)
		}
		d.records = append(d.records, r.Records)
	}
	return d
}

// signal is the value of a signal in every cycle of the run. Its name is within its layer.
func (d drawnLayerwise) signal(layer, scope, name string) []string {
	plain := strings.NewReplacer(".", "_")
	return d.dump.Each("convsim."+plain.Replace(layer)+"."+plain.Replace(scope)+"."+name, 0, 1, int(d.out.Total()))
}

// within is the name of a stage or an edge within its layer.
func within(layer, name string) string { return strings.TrimPrefix(name, layer+".") }

const slowOverlay = "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 3, overlap: false}}"

// TestLayerwiseWaveform: in the waveform of a run layer by layer each machine is at work when
// it is its turn and at rest otherwise: states sum to its time, and valid and ready are
// both high when a beat moves. Two signals say whose turn it is and whose constants come.
func TestLayerwiseWaveform(t *testing.T) {
	for name, text := range map[string]string{"loads beside layers": overlay, "loads before layers": slowOverlay} {
		t.Run(name, func(t *testing.T) {
			d := drawLayerwise(t, text, Waveform{To: clock.Never}, Options{NoValues: true})
			turns := d.layers.turns(d.out, clock.Options{})
			for i, s := range d.out.Steps {
				layer, start := d.layers.Steps[i].Name(), turns[i].Start
				for _, stage := range s.Time.Stages {
					got := clock.Shares{}
					for _, v := range d.signal(layer, within(layer, stage.Name), "state") {
						got[slices.Index(causeNames(), v)]++
					}
					want := clock.Shares(stage.Cycles)
					want[clock.Finished] += int64(d.out.Total() - s.Time.Total)
					if got != want {
						t.Errorf("%s: %v, want %v", stage.Name, got, want)
					}
				}
				for e, edge := range s.Plan.Edges {
					d.handshakes(t, layer, edge, d.records[i][e], start)
				}
			}
			d.spans(t)
		})
	}
}

func causeNames() (list []string) {
	for c := range len(clock.Shares{}) {
		list = append(list, clock.Cause(c).String())
	}
	return list
}

// handshakes holds the beats that move at both ends of an edge to what was recorded.
func (d drawnLayerwise) handshakes(t *testing.T, layer string, e pipeline.Edge, r clock.EdgeRecord, start clock.Cycle) {
	t.Helper()
	ends := map[string]*clock.Trace{"in_": r.In, "out_": r.Out}
	if e.Depth == 0 {
		ends = map[string]*clock.Trace{"": r.Out}
	}
	for end, want := range ends {
		scope := within(layer, e.Name)
		valid, ready, n := d.signal(layer, scope, end+"valid"), d.signal(layer, scope, end+"ready"), int64(0)
		for at := range valid {
			if valid[at] == "1" && ready[at] == "1" {
				if n >= want.Len() || start+want.Nth(n) != clock.Cycle(at) {
					t.Fatalf("%s %s: handshake %d in cycle %d is not one of the run", e.Name, end, n, at)
				}
				n++
			}
		}
		if n == 0 || n != want.Len() {
			t.Errorf("%s %s: %d handshakes, want %d", e.Name, end, n, want.Len())
		}
	}
}

// spans holds whose turn it is, and whose constants come, to the report.
func (d drawnLayerwise) spans(t *testing.T) {
	t.Helper()
	r := d.layers.Report(d.out, Options{})
	turn := d.dump.Each("convsim.run.layer", 0, 1, int(r.Cycles))
	loads := map[string]int{}
	for at, v := range d.dump.Each("convsim.run.constants", 0, 1, int(r.Cycles)) {
		if loads[v]++; v != "none" && r.FirstLoad == 0 && turn[at] != v {
			t.Fatalf("cycle %d: constants of %s in the turn of %s", at, v, turn[at])
		}
	}
	for _, l := range r.Layers {
		for at := l.Start; at < l.Start+l.Cycles; at++ {
			if turn[at] != l.Name {
				t.Fatalf("cycle %d: it is the turn of %q, want %s", at, turn[at], l.Name)
			}
		}
		if got := loads[l.Name]; r.FirstLoad == 0 && int64(got) != l.Load || (got > 0) != (l.Constants > 0) {
			t.Errorf("constants of %s come in %d cycles; %+v", l.Name, got, l)
		}
	}
}

// TestLayerwiseWaveformWindows: in a window the signals of those layers that have a part in it
// are what they are in the whole, and those of others are not there.
func TestLayerwiseWaveformWindows(t *testing.T) {
	whole := drawLayerwise(t, slowOverlay, Waveform{To: clock.Never}, Options{NoValues: true})
	turns := whole.layers.turns(whole.out, clock.Options{})
	from, to := turns[1].Start-7, turns[2].Start+5
	part := drawLayerwise(t, slowOverlay, Waveform{From: from, To: to}, Options{NoValues: true})
	if len(part.dump.Signals) == 0 || len(part.dump.Signals) == len(whole.dump.Signals) || part.dump.End != int64(to) {
		t.Fatalf("%d signals of %d, up to %d", len(part.dump.Signals), len(whole.dump.Signals), part.dump.End)
	}
	for name := range part.dump.Signals {
		n := int(to - from)
		if !slices.Equal(whole.dump.Each(name, int64(from), 1, n), part.dump.Each(name, int64(from), 1, n)) {
			t.Errorf("%s differs in the window", name)
		}
	}
}

// TestLayerwiseWaveformData: what leaves a layer, beat by beat, is what enters the next one.
func TestLayerwiseWaveformData(t *testing.T) {
	d := drawLayerwise(t, overlay, Waveform{To: clock.Never}, Options{})
	total := int64(d.out.Total())
	in := elements(movedIn(d.dump, "convsim.conv1.source_pad.", 0, total), 8)
	if want := nhwc(d.out.Tensors[d.layers.Graph.Inputs[0].Name]); !slices.Equal(in, want) {
		t.Errorf("%d elements enter, want %d, or others", len(in), len(want))
	}
	for i, s := range d.layers.Steps[:2] {
		p := d.out.Steps[i].Plan
		for _, e := range p.Edges {
			if !strings.HasSuffix(e.Name, ".sink") || strings.Contains(e.Name, ".load.") {
				continue
			}
			y := d.out.Tensors[s.Graph.Outputs[0]]
			got := elements(movedIn(d.dump, "convsim."+s.Name()+"."+strings.ReplaceAll(within(s.Name(), e.Name), ".", "_")+".", 0, total), y.DType().Bits())
			if want := nhwc(y); !slices.Equal(got, want) {
				t.Errorf("%s: %d elements, want %d, or others", e.Name, len(got), len(want))
			}
		}
	}
}

// TestLayerwiseTimeline: columns of a stage are its states in the waveform, column by
// column, and slices of a layer lie in its turn.
func TestLayerwiseTimeline(t *testing.T) {
	for _, span := range []Span{{To: clock.Never}, {From: 900, To: 3100}} {
		d := drawLayerwise(t, slowOverlay, Waveform{To: clock.Never}, Options{NoValues: true, Timeline: &span})
		l := d.out.Timeline
		if len(l.Stages) == 0 || len(l.Starts) == 0 {
			t.Fatalf("%d stages, %d columns", len(l.Stages), len(l.Starts))
		}
		for i, s := range l.Stages {
			layer := s.Layer
			columnsAre(t, l, i, d.signal(layer, within(layer, s.Name), "state"))
		}
		for _, f := range l.FIFOs {
			if len(f.Cycles) < f.Depth+1 {
				t.Errorf("%+v", f)
			}
		}
	}
}

// TestLayerwiseSlices: the slices of a stage lie in its layer's turn and fill it, and frames go in and
// come out of every layer.
func TestLayerwiseSlices(t *testing.T) {
	kept := &told{slices: map[string][]wave.Slice{}, counts: map[string][][2]int64{}}
	w := Waveform{To: clock.Never, Write: func(play func(probe.Form) error) error { return play(probe.Slices(kept)) }}
	l, out := layerwise(t, overlay, Options{NoValues: true, Wave: &w})
	arrows := map[uint64]int{}
	for _, slices := range kept.slices {
		for _, s := range slices {
			for _, id := range append(s.Begins, s.Ends...) {
				arrows[id]++
			}
		}
	}
	for id, n := range arrows {
		if n != 2 {
			t.Errorf("arrow %d has %d ends", id, n)
		}
	}
	frames, inputs := l.frames(Options{}), 0
	for i, turn := range l.turns(out, clock.Options{}) {
		inputs += len(out.Steps[i].Time.Sources) * len(out.Steps[i].Time.Sinks) * frames
		for _, stage := range out.Steps[i].Time.Stages {
			at := int64(turn.Start)
			for _, s := range kept.slices[stage.Name] {
				if s.From != at {
					t.Fatalf("%s: %+v after cycle %d", stage.Name, s, at)
				}
				at = s.Until
			}
			if at != int64(turn.Start+out.Steps[i].Time.Total) {
				t.Errorf("%s: slices up to cycle %d", stage.Name, at)
			}
		}
	}
	if len(kept.slices["layer"]) != len(l.Steps) || len(kept.slices["constants"]) == 0 || len(arrows) == 0 {
		t.Errorf("%d turns, %d loads, %d arrows", len(kept.slices["layer"]), len(kept.slices["constants"]), len(arrows))
	}
}
