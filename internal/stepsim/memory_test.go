package stepsim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPaddingMaps(t *testing.T) {
	tests := []struct {
		name string
		got  []int
		want []int
	}{
		{"reflect", Reflect(4, 3, 2), []int{3, 2, 1, 0, 1, 2, 3, 2, 1}},
		{"replicate", Replicate(3, 2, 1), []int{0, 0, 0, 1, 2, 2}},
		{"circular", Circular(3, 3, 2), []int{0, 1, 2, 0, 1, 2, 0, 1}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestDefaultDepths(t *testing.T) {
	tests := []struct {
		name  string
		stage interface{ DefaultDepth() int }
		want  int
	}{
		{"3x3 dense, 2 folds", Layer{H: 8, W: 8, InChannels: 4, OutChannels: 1, SIMD: 2, KH: 3, KW: 3}.Window(), 38},
		{"stride beyond the kernel", Layer{H: 9, W: 9, InChannels: 1, OutChannels: 1, KH: 1, KW: 2, SH: 3, SW: 4}.Window(), 2 + 1 + 16},
		{"parallel", Layer{H: 9, W: 9, InChannels: 1, OutChannels: 1, KH: 3, KW: 2, DH: 2, Parallel: true}.Window(), 4*9 + 1 + 2},
		{"replicate keeps one row", AddressedPad{H: 3, W: 4, Rows: Replicate(3, 1, 1), Cols: Replicate(4, 1, 1), Folds: 2}, 8},
		{"reflect keeps two rows", AddressedPad{H: 3, W: 4, Rows: Reflect(3, 1, 1), Cols: Reflect(4, 1, 1), Folds: 1}, 8},
		{"circular keeps the frame", AddressedPad{H: 3, W: 4, Rows: Circular(3, 1, 1), Cols: Circular(4, 1, 1), Folds: 1}, 12},
		{"no padding keeps a beat", AddressedPad{H: 3, W: 4, Rows: Reflect(3, 0, 0), Cols: Reflect(4, 0, 0), Folds: 1}, 1},
	}
	for _, tt := range tests {
		if got := tt.stage.DefaultDepth(); got != tt.want {
			t.Errorf("%s: depth %d, want %d", tt.name, got, tt.want)
		}
	}
}

// Two group folds of two channel folds: a unit is the taps of one group fold.
func TestWindowOrder(t *testing.T) {
	w := Window{H: 2, W: 4, KH: 1, KW: 2, SH: 1, SW: 1, DH: 1, DW: 2, GroupFolds: 2, ChannelFolds: 2}
	want := []int{
		0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15,
		16, 17, 24, 25, 18, 19, 26, 27, 20, 21, 28, 29, 22, 23, 30, 31,
	}
	if diff := cmp.Diff(want, w.fetches()); diff != "" {
		t.Errorf("serial (-want +got)\n%s", diff)
	}
	want = []int{8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31}
	if diff := cmp.Diff(want, w.lastBeats()); diff != "" {
		t.Errorf("parallel (-want +got)\n%s", diff)
	}
}

// drawLayer draws a small legal layer.
func drawLayer(rt *rapid.T) Layer {
	small := func(lo, hi int, name string) int { return rapid.IntRange(lo, hi).Draw(rt, name) }
	l := Layer{
		Groups: small(1, 3, "groups"), GroupParallel: small(1, 2, "group parallel"), SIMD: small(1, 2, "simd"), PE: small(1, 2, "pe"),
		KH: small(1, 3, "kh"), KW: small(1, 3, "kw"), SH: small(1, 3, "sh"), SW: small(1, 3, "sw"), DH: small(1, 2, "dh"), DW: small(1, 2, "dw"),
		Top: small(0, 1, "top"), Bottom: small(0, 1, "bottom"), Left: small(0, 1, "left"), Right: small(0, 1, "right"),
		Mode:     PadMode(small(0, 3, "mode")),
		Parallel: rapid.Bool().Draw(rt, "parallel"), FrameOverlap: rapid.Bool().Draw(rt, "overlap"),
	}
	l.InChannels = l.Groups * small(1, 3, "channels")
	l.OutChannels = l.Groups * small(1, 3, "outputs")
	l.H = (l.KH-1)*l.DH + 2 + small(0, 3, "rows")
	l.W = (l.KW-1)*l.DW + 2 + small(0, 3, "columns")
	return l
}

func drawGate(rt *rapid.T, name string) Gate {
	return rapid.SampledFrom([]Gate{Full{}, Every{N: 2}, Random{Seed: 5}, Burst{On: 3, Off: 4}}).Draw(rt, name)
}

// shadow is a memory that also holds data, each beat's own index, in a buffer of the depth that the stage
// says suffices.
type shadow struct {
	*memory
	rt   *rapid.T
	data []int64
}

func (s *shadow) commit(w wires, names []Name) bool {
	if s.available() && (!s.full || w.outReady) {
		want := s.base() + int64(s.need[s.read])
		if got := s.data[want%int64(len(s.data))]; got != want {
			s.rt.Fatalf("read %d: want beat %d, its place holds %d", s.read, want, got)
		}
	}
	if w.in() {
		s.data[s.stored%int64(len(s.data))] = s.stored
	}
	return s.memory.commit(w, names)
}

// No beat is overwritten before it was read for the last time, by any list of reads and with frames that
// overlap or not.
func TestMemoryKeepsWhatIsNeeded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		stages := append(append([]Stage{Source{Gate: drawGate(rt, "source")}}, drawLayer(rt).Stages()...), Sink{Gate: drawGate(rt, "sink")})
		c := Chain{Stages: stages, Frames: 3}
		beats, err := c.edgeBeats()
		if err != nil {
			rt.Fatal(err)
		}
		r, err := c.start(beats)
		if err != nil {
			rt.Fatal(err)
		}
		for _, n := range r.nodes {
			if m, ok := n.unit.(solo).block.(*memory); ok {
				n.unit = solo{&shadow{m, rt, make([]int64, m.depth)}}
			}
		}
		if err := r.steps(100_000); err != nil {
			rt.Fatal(err)
		}
	})
}

// The default depth of an addressed pad is the least: one beat less and it deadlocks.
func TestAddressedDepthIsLeast(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := drawLayer(rt)
		l.Mode = PadMode(rapid.IntRange(1, 3).Draw(rt, "mode"))
		l.Top = 1
		p := l.Stages()[0].(AddressedPad)
		p.Depth = p.DefaultDepth()
		if _, err := (Chain{Stages: []Stage{Source{}, p, Sink{}}}).Run(10_000); err != nil {
			rt.Fatal(err)
		}
		if p.Depth--; p.Depth == 0 {
			return
		}
		if _, err := (Chain{Stages: []Stage{Source{}, p, Sink{}}}).Run(10_000); err == nil {
			rt.Fatalf("depth %d: no deadlock", p.Depth)
		}
	})
}

// Overlapping frames never make a window slower.
func TestOverlapIsNeverSlower(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := drawLayer(rt)
		src, snk := Source{Gate: drawGate(rt, "source")}, Sink{Gate: drawGate(rt, "sink")}
		total := func(overlap bool) Cycle {
			l.FrameOverlap = overlap
			stages := l.Stages()
			stages[len(stages)-1] = snk // instead of the array
			r, err := Chain{Stages: append([]Stage{src}, stages...), Frames: 3}.Run(100_000)
			if err != nil {
				rt.Fatal(err)
			}
			return r.Total
		}
		if one, many := total(false), total(true); many > one {
			rt.Errorf("overlap takes %d cycles, one frame at a time %d", many, one)
		}
	})
}
