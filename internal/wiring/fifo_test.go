package wiring

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// line is source, FIFO, register, FIFO, ..., sink.
func line(source, sink clock.Pattern, beats int64, depths []int, latency int) *pipeline.Plan {
	stream := sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 1, Pixels: beats, Beats: 1}
	p := &pipeline.Plan{}
	at := p.Add("", Source{Stream: stream, Pattern: source})
	next := func(b pipeline.Block) {
		n := p.Add("", b)
		e := p.Join(pipeline.Port{Node: at}, pipeline.Port{Node: n})
		p.Edges[e].Depth, p.Edges[e].Latency = depths[e], latency
		at = n
	}
	for range depths[1:] {
		next(register{stream})
	}
	next(Sink{Stream: stream, Pattern: sink})
	return p
}

func length(t rapidTB, p *pipeline.Plan) clock.Cycle {
	r, err := clock.Solve(p, clock.Options{Frames: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r.Total
}

type rapidTB interface{ Fatal(args ...any) }

// TestFIFOThroughput: a FIFO of depth d and latency l moves min(1, d/(l+1))
// beats per cycle.
func TestFIFOThroughput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, l := rapid.IntRange(1, 12).Draw(t, "depth"), rapid.IntRange(1, 12).Draw(t, "latency")
		turns := rapid.Int64Range(3, 9).Draw(t, "turns")
		more := length(t, line(clock.Always{}, clock.Always{}, (turns+4)*int64(d), []int{d}, l)) -
			length(t, line(clock.Always{}, clock.Always{}, 4*int64(d), []int{d}, l))
		// d beats take max(d, l+1) cycles.
		if want := clock.Cycle(turns) * clock.Cycle(max(d, l+1)); more != want {
			t.Fatalf("%d beats more take %d cycles, want %d", turns*int64(d), more, want)
		}
	})
}

// TestDeeperIsNeverSlower holds for stages that only wait for beats and room
// and full gates. (A lock that closes for long once a result is held up, or a
// gate that a later beat just misses, may turn earlier into later.)
func TestDeeperIsNeverSlower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		depths := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 4).Draw(t, "depths")
		latency := rapid.IntRange(1, 5).Draw(t, "latency")
		at := rapid.IntRange(0, len(depths)-1).Draw(t, "at")
		before := length(t, line(clock.Always{}, clock.Always{}, 40, depths, latency))
		depths[at]++
		if after := length(t, line(clock.Always{}, clock.Always{}, 40, depths, latency)); after > before {
			t.Fatalf("FIFO %d one deeper: %d cycles, was %d", at, after, before)
		}
	})
}

func TestWireMovesInTheCycleItIsOffered(t *testing.T) {
	if got := length(t, line(clock.Always{}, clock.Always{}, 10, []int{0, 0}, 1)); got != 11 {
		t.Errorf("10 beats over a register and two wires take %d cycles, want 11", got)
	}
	if got := length(t, line(clock.Every{N: 3, Phase: 1}, clock.Always{}, 10, []int{0}, 1)); got != 29 {
		t.Errorf("10 beats in cycles 1, 4, ... take %d cycles, want 29", got)
	}
}
