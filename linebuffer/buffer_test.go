package linebuffer

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// nestBlock is a buffer read as any nest says.
type nestBlock struct {
	reads   *sched.Reads
	depth   int64
	overlap bool
}

func (nestBlock) Kind() string { return "window" }
func (nestBlock) Drives() bool { return true }
func (b nestBlock) Streams() (in, out []sched.Stream) {
	return []sched.Stream{stream(b.reads.FrameBeats())}, []sched.Stream{stream(b.reads.Steps())}
}
func (b nestBlock) Needs(out []int64) []int64 { return []int64{b.reads.Arrived(out[0])} }
func (nestBlock) Check() error                { return nil }
func (nestBlock) AppendKey(dst []byte) []byte { return dst }
func (b nestBlock) Process(at clock.Ports) clock.Process {
	return newBuffer(at, "linebuffer", "window", b.reads, b.depth, b.overlap)
}

func stream(beats int64) sched.Stream {
	return sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 1, Pixels: beats, Beats: 1}
}

// alone puts a buffer between a source and an eager sink.
func alone(b nestBlock, source clock.Pattern) *pipeline.Plan {
	p := &pipeline.Plan{}
	in, out := b.Streams()
	p.Add("", wiring.Source{Stream: in[0], Pattern: source})
	p.Add("", b)
	p.Add("", wiring.Sink{Stream: out[0], Pattern: clock.Always{}})
	p.Join(pipeline.Port{Node: 0}, pipeline.Port{Node: 1})
	p.Join(pipeline.Port{Node: 1}, pipeline.Port{Node: 2})
	return p
}

// drawNest draws a window's nest or one that walks back and forth.
func drawNest(t *rapid.T) *sched.Reads {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	width, height, kh, kw := n("width", 3, 7), n("height", 3, 7), n("kernel height", 1, 3), n("kernel width", 1, 3)
	sh, sw := n("stride down", 1, 3), n("stride right", 1, 3)
	var row, col []int64
	for y := 0; y+kh <= height; y += sh {
		row = append(row, int64(y*width))
	}
	for x := 0; x+kw <= width; x += sw {
		col = append(col, int64(x))
	}
	var inner []int32
	for ky := range kh {
		for kx := range kw {
			inner = append(inner, int32(ky*width+kx))
		}
	}
	if rapid.Bool().Draw(t, "shuffled") {
		inner = rapid.Permutation(inner).Draw(t, "inner")
		row = rapid.Permutation(row).Draw(t, "rows")
	}
	return sched.NewReads(row, col, inner, int64(width*height))
}

// TestLeastDepthFinishesOneLessDeadlocks ties the computed depth to the time
// plane.
func TestLeastDepthFinishesOneLessDeadlocks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reads := drawNest(t)
		frames, overlap := rapid.Int64Range(1, 3).Draw(t, "frames"), rapid.Bool().Draw(t, "overlap")
		depth := reads.Depth()
		run := func(depth int64) error {
			_, err := clock.Solve(alone(nestBlock{reads, depth, overlap}, clock.Always{}), clock.Options{Frames: frames})
			return err
		}
		if err := run(depth); err != nil {
			t.Fatalf("depth %d: %v", depth, err)
		}
		if depth == 1 {
			return
		}
		err := run(depth - 1)
		var d *clock.Deadlock
		if !errors.As(err, &d) {
			t.Fatalf("depth %d, one less than needed: %v", depth-1, err)
		}
		if want := "linebuffer waits for room in its own buffer"; !strings.Contains(d.Error(), want) {
			t.Fatalf("%q lacks %q", d, want)
		}
	})
}

// TestReadingAheadStopsForwardToo: a reader that lives on what is stored, its
// writer standing still, must not be skipped beyond that.
func TestReadingAheadStopsForwardToo(t *testing.T) {
	const height, width = 40, 60
	var row, col []int64
	for y := range int64(height) {
		row = append(row, y*width)
	}
	row = append(row, 0) // so that nothing is set free before
	for x := range int64(width) {
		col = append(col, x)
	}
	inner := []int32{0}
	for len(inner) < 16 { // every beat is read 16 times
		inner = append(inner, 0)
	}
	reads := sched.NewReads(row, col, inner, height*width)
	for _, supply := range []int64{30 * width, 20*width + 33} {
		run := func(forward bool) string {
			plan := alone(nestBlock{reads: reads, depth: reads.FrameBeats()}, shutAfter{int64(supply)})
			// With tapes, what fills is not skipped by itself: the pattern does not repeat as it says.
			_, err := clock.Solve(plan, clock.Options{Frames: 1, EveryBeat: !forward, Tapes: &clock.Tapes{To: clock.Never}})
			var d *clock.Deadlock
			if !errors.As(err, &d) {
				t.Fatalf("%d beats: %v, want a deadlock", supply, err)
			}
			return d.Error()
		}
		if want, got := run(false), run(true); got != want {
			t.Errorf("%d beats, fast-forward:\n%s\nwant\n%s", supply, got, want)
		}
	}
}

// shutAfter is open for so many beats, one a cycle, and then never again,
// although it says that it repeats.
type shutAfter struct{ beats int64 }

func (g shutAfter) Gate() clock.Gate          { return g }
func (shutAfter) Check() error                { return nil }
func (shutAfter) AppendKey(dst []byte) []byte { return dst }
func (shutAfter) Period() clock.Cycle         { return 1 }
func (g shutAfter) Next(t clock.Cycle) clock.Cycle {
	if int64(t) >= g.beats {
		return clock.Never
	}
	return t
}
