package sim

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// stopper stops a run in its turn of a number.
type stopper struct {
	turns, at int
	done      chan struct{}
}

func (s *stopper) turn() {
	if s.turns++; s.turns == s.at {
		close(s.done)
	}
}

// stoppingPad is padding whose turns count.
type stoppingPad struct {
	linebuffer.Pad
	*stopper
}

// Process makes the padding.
func (p stoppingPad) Process(at clock.Ports) clock.Process {
	return turning{p.Pad.Process(at), p.stopper}
}

type turning struct {
	clock.Process
	*stopper
}

// Advance is a turn.
func (t turning) Advance() clock.Progress {
	t.turn()
	return t.Process.Advance()
}

// TestStoppedIsNoDeadlock: of a run that was stopped, wherever it was, nobody asks who waits for
// whom: a stage that waits may have all that it waits for.
func TestStoppedIsNoDeadlock(t *testing.T) {
	hw, _ := parse(t, `{name: taps, array: {pe: 6, simd: 5}, fork: tap, join: queue, requantize: {style: scale}}`, stopLayer)
	net, err := mapping.MapNetwork(hw, models.Integers(t, filepath.Join("..", "testdata", "models", "resnet8.onnx")))
	if err != nil {
		t.Fatal(err)
	}
	run := func(at int) (turns int, err error) {
		s := &stopper{at: at, done: make(chan struct{})}
		p := &pipeline.Plan{Nodes: slices.Clone(net.Plan.Nodes), Edges: net.Plan.Edges}
		for i, n := range p.Nodes {
			if pad, ok := n.Block.(linebuffer.Pad); ok {
				p.Nodes[i].Block = stoppingPad{pad, s}
			}
		}
		_, err = clock.Solve(p, clock.Options{Frames: 1, Done: s.done})
		return s.turns, err
	}
	turns, err := run(0)
	if err != nil {
		t.Fatal(err)
	}
	const last = 100 // when the last output is not far, and what it does not need is held up
	for at := turns - last; at <= turns; at++ {
		if _, err := run(at); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped in turn %d of %d: %v", at, turns, err)
		}
	}
}
