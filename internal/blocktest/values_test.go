package blocktest

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// operands are random values for the sources and arrays of a plan.
type operands struct {
	constants []flow.Constants
	frames    []map[int]Image // by frame, then source
	weights   map[int][]int32
}

func (m machine) operands(r *rand.Rand) operands {
	o := operands{constants: make([]flow.Constants, len(m.Nodes)), frames: make([]map[int]Image, m.frames), weights: map[int][]int32{}}
	for f := range o.frames {
		o.frames[f] = map[int]Image{}
	}
	var loaded Image // the newest weights that come by a port, to the next array
	for i, n := range m.Nodes {
		switch b := n.Block.(type) {
		case wiring.Source:
			var images []Image
			for f := range o.frames {
				x := Empty(b.Stream)
				lo, hi := b.Stream.Elem.Range()
				for i := range x.V {
					x.V[i] = int32(lo + r.Int64N(hi-lo+1))
				}
				o.frames[f][i] = x
				images = append(images, x)
			}
			o.constants[i] = flow.Constants{"images": Tensor(b.Stream.Elem, images...)}
		case pe.Weights:
			loaded = weights(r, b.Fold.Shape)
			w := Tensor(tensor.Int8, loaded)
			o.constants[i] = flow.Constants{"weight": w}
		case pe.Array:
			w := loaded
			if !b.Loads() {
				w = weights(r, b.Fold.Shape)
				o.constants[i] = flow.Constants{"weight": Tensor(tensor.Int8, w)}
			}
			o.weights[i] = w.V
		}
	}
	return o
}

// weights are random ones.
func weights(r *rand.Rand, s conv.Shape) Image {
	w := newImage(s.OutChannels, s.InChannels/s.Groups*s.Kernel.H, s.Kernel.W)
	for i := range w.V {
		w.V[i] = int32(r.IntN(256) - 128)
	}
	return w
}

// flows holds the value plane to the reference, and the elements moved to the
// beats of the time plane.
func (m machine) flows(t *testing.T, seed uint64) {
	t.Helper()
	o := m.operands(rand.New(rand.NewPCG(13, seed)))
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, context.DeadlineExceeded)
	defer cancel()
	run, err := flow.Run(ctx, m.Plan, o.constants, flow.Options{Frames: int(m.frames)})
	if err != nil {
		t.Fatalf("%s: %v\n%+v", m.name, err, m.Plan)
	}
	for f, sources := range o.frames {
		for node, want := range Expected(m.Plan, sources, o.weights) {
			got := run.Kernels[node].(wiring.Collector).Sink().Tensor()
			have := got.Int32s(nil, f*len(want.V), len(want.V))
			for i := range want.V {
				if have[i] != want.V[i] {
					t.Fatalf("%s, frame %d: element %d of %s is %d, want %d\n%+v", m.name, f, i, m.Nodes[node].Name(), have[i], want.V[i], m.Plan)
				}
			}
		}
	}
	m.ample()
	r, dead := m.solve(t, clock.Options{})
	if dead != nil {
		t.Fatalf("%s: ample FIFOs, and %v", m.name, dead)
	}
	for i, e := range m.Edges {
		if beats := r.Edges[i].Beats + r.Edges[i].Unneeded; run.Elements[i] != beats*int64(e.Stream.Lanes) {
			t.Errorf("%s: %d elements crossed %s, %d beats of %d lanes", m.name, run.Elements[i], e.Name, beats, e.Stream.Lanes)
		}
	}
}

// ample makes every FIFO so deep that nothing waits for room.
func (m machine) ample() {
	for i := range m.Edges {
		m.Edges[i].Depth = int(m.frames*m.Edges[i].Stream.Frame()) + 1
	}
}

// TestBlocksComputeTheReference: what sinks collect of every block alone.
func TestBlocksComputeTheReference(t *testing.T) {
	t.Parallel()
	eachAlone(t, 100, func(t *testing.T, _ Kind, m machine) { m.flows(t, 1) })
}

// TestNetworksComputeTheReference: and of networks, whose value plane never hangs
// whatever their FIFOs are.
func TestNetworksComputeTheReference(t *testing.T) {
	t.Parallel()
	for seed := range Designs(t, 200) {
		network(seed).flows(t, seed)
	}
}
