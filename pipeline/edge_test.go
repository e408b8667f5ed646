package pipeline

import (
	"testing"

	"pgregory.net/rapid"
)

// line is source, FIFO, register, FIFO, ..., sink.
func line(source, sink Gate, beats int64, depths []int, latency int) *Graph {
	g := NewGraph()
	edge := func(i int) *Edge { return g.NewEdge(EdgeSpec{Name: "edge", Depth: depths[i], Latency: latency}) }
	at := edge(0)
	NewSource(g, at, source, beats, 1)
	for i := range depths[1:] {
		next := edge(i + 1)
		NewRegister(g, "register", at, next, beats)
		at = next
	}
	NewSink(g, at, sink, beats, 1)
	return g
}

func length(t rapidTB, g *Graph) Cycle {
	r, err := g.Run()
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
		more := length(t, line(Always{}, Always{}, (turns+4)*int64(d), []int{d}, l)) -
			length(t, line(Always{}, Always{}, 4*int64(d), []int{d}, l))
		// d beats take max(d, l+1) cycles.
		if want := Cycle(turns) * Cycle(max(d, l+1)); more != want {
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
		before := length(t, line(Always{}, Always{}, 40, depths, latency))
		depths[at]++
		if after := length(t, line(Always{}, Always{}, 40, depths, latency)); after > before {
			t.Fatalf("FIFO %d one deeper: %d cycles, was %d", at, after, before)
		}
	})
}

func TestWireMovesInTheCycleItIsOffered(t *testing.T) {
	if got := length(t, line(Always{}, Always{}, 10, []int{0, 0}, 1)); got != 11 {
		t.Errorf("10 beats over a register and two wires take %d cycles, want 11", got)
	}
	if got := length(t, line(Every{3, 1}, Always{}, 10, []int{0}, 1)); got != 29 {
		t.Errorf("10 beats in cycles 1, 4, ... take %d cycles, want 29", got)
	}
}

// TestEdgeStateShowsTheLastTake: consumers rely on it for how long they starved.
func TestEdgeStateShowsTheLastTake(t *testing.T) {
	for _, depth := range []int{0, 1, 4} {
		var states []*State
		for _, taken := range []Cycle{5, 6} {
			g := NewGraph()
			e := g.NewEdge(EdgeSpec{Name: "edge", Depth: depth})
			w := waker{word: new(uint64)}
			e.wakeProducer, e.wakeConsumer = w, w
			e.Offer(3)
			e.Take(taken)
			e.Offer(9)
			s := newState()
			e.state(s)
			states = append(states, s)
		}
		if states[0].Same(states[1]) {
			t.Errorf("depth %d: taken in cycle 5 or 6 looks the same", depth)
		}
	}
}
