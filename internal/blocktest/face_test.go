package blocktest

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// TestEveryBlockHasEveryFace: time, values and cost.
func TestEveryBlockHasEveryFace(t *testing.T) {
	eachAlone(t, 20, func(t *testing.T, _ Kind, m machine) {
		for _, n := range m.Nodes {
			_, timed := n.Block.(clock.Timed)
			_, valued := n.Block.(flow.Valued)
			_, priced := n.Block.(resources.Priced)
			if !timed || !valued || !priced {
				t.Errorf("%T: timed %v, valued %v, priced %v", n.Block, timed, valued, priced)
			}
		}
	})
}

// TestEqualKeysEqualTimes: machines whose blocks say the same of their time have
// the same times, whatever else they differ in. Some are alike by chance.
func TestEqualKeysEqualTimes(t *testing.T) {
	t.Parallel()
	known, alike := map[string]*clock.Result{}, 0
	for seed := range Designs(t, 3000) {
		r := rand.New(rand.NewPCG(17, seed))
		k := Kinds[r.IntN(len(Kinds))]
		p := plain(k.Draw(r))
		got, err := clock.Solve(p, clock.Options{Frames: 2, Record: true})
		if err != nil {
			t.Fatalf("%s %d: %v", k.Name, seed, err)
		}
		key := string(clock.AppendPlan(nil, p))
		want, twice := known[key]
		known[key] = got
		if !twice {
			continue
		}
		alike++
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("%s %d: one key, two times:\n%s\n%+v", k.Name, seed, diff, p)
		}
	}
	if alike < 20 && !testing.Short() {
		t.Errorf("only %d machines have the key of another", alike)
	}
}

// plain is a specimen between ends that are always open, all edges wires.
func plain(s Specimen) *pipeline.Plan {
	p := Alone(rand.New(rand.NewPCG(0, 0)), s)
	OpenEnds(p)
	for i := range p.Edges {
		p.Edges[i].Depth, p.Edges[i].Latency = 0, 1
	}
	return p
}

// rapidly draws by rapid, which shrinks what fails.
type rapidly struct{ t *rapid.T }

func (r rapidly) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(r.t, "n") }

func price(t *rapid.T, d resources.Device, p *pipeline.Plan) resources.Amount {
	r, err := resources.Price(p, d).Report()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		for _, resource := range resources.Resources() {
			if row.Of(resource) < 0 {
				t.Fatalf("%s: %d %s", row.Stage, row.Of(resource), resource)
			}
		}
	}
	return r.Total
}

// TestCostIsMonotone: more lanes never take fewer DSPs, and deeper memories and FIFOs never fewer blocks.
func TestCostIsMonotone(t *testing.T) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := k.Draw(rapidly{t})
				d := resources.Device{DSP: rapid.SampledFrom(resources.DSPKinds()).Draw(t, "kind"), ClockMHz: 200}
				small := plain(s)
				before := price(t, d, small)
				if wide := price(t, d, replaced(small, wider)); wide.DSP < before.DSP {
					t.Fatalf("%d DSPs, wider %d", before.DSP, wide.DSP)
				}
				deep := price(t, d, replaced(small, deeper))
				if deep.BRAM18 < before.BRAM18 || deep.URAM < before.URAM {
					t.Fatalf("%+v, deeper %+v", before, deep)
				}
			})
		})
	}
}

// replaced is the plan with other blocks, and deeper FIFOs.
func replaced(p *pipeline.Plan, by func(pipeline.Block) pipeline.Block) *pipeline.Plan {
	q := &pipeline.Plan{Edges: append([]pipeline.Edge(nil), p.Edges...)}
	for _, n := range p.Nodes {
		n.Block = by(n.Block)
		q.Nodes = append(q.Nodes, n)
	}
	for i := range q.Edges {
		q.Edges[i].Depth += 300
	}
	return q
}

func deeper(b pipeline.Block) pipeline.Block {
	if w, ok := b.(linebuffer.Window); ok {
		w.Depth += 1000
		return w
	}
	return b
}

// wider has one lane more in every direction.
func wider(b pipeline.Block) pipeline.Block {
	more := func(f sched.Fold) sched.Fold {
		return sched.NewFold(f.Shape, sched.Array{PE: f.Array.PE + 1, SIMD: f.Array.SIMD + 1, GroupParallel: f.Array.GroupParallel}, f.Style)
	}
	switch b := b.(type) {
	case pe.Array:
		b.Fold = more(b.Fold)
		return b
	case pe.Requantize:
		b.Fold = more(b.Fold)
		return b
	case pe.Map:
		b.In.Lanes, b.Out.Lanes = 2*b.In.Lanes, 2*b.Out.Lanes
		return b
	case wiring.Join:
		b.Out.Lanes *= 2
		return b
	}
	return b
}

// TestBillsOfBlocks: what is entered agrees with what moves: every memory is as
// wide as it is said, FIFOs are those of the plan, and DRAM carries the images.
func TestBillsOfBlocks(t *testing.T) {
	eachAlone(t, 50, func(t *testing.T, _ Kind, m machine) {
		b := resources.Price(m.Plan, resources.Device{DSP: resources.DSP48E2, ClockMHz: 200})
		bits, fifos := int64(0), 0
		for _, n := range m.Nodes {
			switch end := n.Block.(type) {
			case wiring.Source:
				bits += int64(len(Empty(end.Stream).V)) * int64(end.Stream.Elem.Bits())
			case pe.Weights:
				s := end.Fold.Shape
				tiles := s.OutHeight * s.OutWidth / max(1, end.Tile)
				bits += int64(tiles*s.OutChannels*(s.InChannels/s.Groups)*s.Kernel.H*s.Kernel.W) * 8
			case wiring.Sink:
				bits += int64(len(Empty(end.Stream).V)) * int64(end.Stream.Elem.Bits())
			}
		}
		for _, e := range m.Edges {
			if e.Depth > 0 {
				fifos++
			}
		}
		if b.DRAMBits != bits || len(b.FIFOs) != fifos {
			t.Fatalf("%s: %d bits of DRAM, want %d; %d FIFOs, want %d", m.name, b.DRAMBits, bits, len(b.FIFOs), fifos)
		}
		if _, err := b.Report(); err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
	})
}
