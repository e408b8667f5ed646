package linebuffer

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// alone runs a buffer between an eager source and an eager sink.
func alone(reads *sched.Reads, depth, frames int64, overlap bool) (*pipeline.Result, error) {
	g := pipeline.NewGraph()
	in, out := g.NewEdge(pipeline.EdgeSpec{Name: "in"}), g.NewEdge(pipeline.EdgeSpec{Name: "out"})
	pipeline.NewSource(g, in, pipeline.Always{}, reads.FrameBeats(), frames)
	NewBuffer(g, in, out, BufferSpec{WriteName: "linebuffer", ReadName: "window", Reads: reads, Depth: depth,
		Frames: frames, Overlap: overlap})
	pipeline.NewSink(g, out, pipeline.Always{}, reads.Steps(), frames)
	return g.Run()
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
		if _, err := alone(reads, depth, frames, overlap); err != nil {
			t.Fatalf("depth %d: %v", depth, err)
		}
		if depth == 1 {
			return
		}
		_, err := alone(reads, depth-1, frames, overlap)
		var d *pipeline.Deadlock
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
			g := pipeline.NewGraph()
			u := pipeline.Units{1, width, height * width}
			r := pipeline.Units{16, 16 * width, 16 * (height + 1) * width}
			in := g.NewEdge(pipeline.EdgeSpec{Name: "in", Units: u})
			out := g.NewEdge(pipeline.EdgeSpec{Name: "out", Units: r})
			pipeline.NewSource(g, in, pipeline.Always{}, reads.FrameBeats(), 1).Limit(supply)
			NewBuffer(g, in, out, BufferSpec{WriteName: "linebuffer", ReadName: "window", Reads: reads,
				Depth: reads.FrameBeats(), Frames: 1, WriteUnits: u, ReadUnits: r, Pacer: g.NewPacer()})
			pipeline.NewSink(g, out, pipeline.Always{}, reads.Steps(), 1)
			if forward {
				g.FastForward()
			}
			_, err := g.Run()
			var d *pipeline.Deadlock
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
