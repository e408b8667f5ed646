package proof_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// mutant is a rule of the hardware broken.
type mutant struct{ name, module, old, new string }

// likely makes designs that have a rule which few have.
var likely = map[string]func(r *rand.Rand, c *mapping.Conv){
	"the next bias with every vector of a tile": loadedTiles,
	"the next zero points with every weight": func(r *rand.Rand, c *mapping.Conv) {
		loadedTiles(r, c)
		c.WeightZero = true
	},
}

// loadedTiles has weights come, and a bias.
func loadedTiles(r *rand.Rand, c *mapping.Conv) {
	if c.Load, c.Tile = randomLoad(r, c.Fold); c.Fold.GroupFolds == 1 {
		c.Tile = c.Fold.Shape.OutHeight * c.Fold.Shape.OutWidth
	}
	c.Fold.Shape.Bias = true
	if c.Requantize != nil {
		c.Requantize.Bias = true
	}
}

var mutants = []mutant{
	{"a FIFO takes a beat less", "convsim_fifo", "held != CW'(DEPTH);", "held != CW'(DEPTH > 1 ? DEPTH - 1 : 1);"},
	{"a FIFO takes a beat when it is full and emptied", "convsim_fifo", "held != CW'(DEPTH);", "held != CW'(DEPTH) || pop;"},
	{"padding takes a beat while its register empties", "convsim_fill", "s_ready = !a_valid;", "s_ready = !a_valid || (go && shows);"},
	{"a serial window keeps a beat less", "convsim_window_serial", "stored < next + $signed(BW'(DEPTH))", "stored < next + $signed(BW'(DEPTH - 1))"},
	{"a serial window forgets the next unit", "convsim_window_serial", "(last_unit || stored < unit + $signed(BW'(DEPTH)))", "1'b1"},
	{"a serial window turns before its last tap has left", "convsim_window_serial", "done && !(full && !m_ready) &&", "done &&"},
	{"a parallel window does not shift while it hands over", "convsim_window_parallel", "(m_ready || !have)", "!have"},
	{"a replay register is not refilled while it is read", "convsim_replay", "(!full || m_ready);", "!full;"},
	{"a replay buffer holds twice as much", "convsim_array_core", ".ROOM(ROOM)", ".ROOM(2 * ROOM)"},
	{"a lock without memory", "convsim_array_core", "else if (full && !m_ready) lock <= 1'b1;", "else lock <= full && !m_ready;"},
	{"an output queue of four", "convsim_array_core", ".DEPTH(QUEUE)", ".DEPTH(4)"},
	{"the next bias with every vector of a tile", "convsim_array_core", "moves && ends && turns", "moves && ends"},
	{"the next zero points with every weight", "convsim_array_loaded", "moves && turns", "moves"},
	{"a requantiser takes a beat only when it is empty", "convsim_result", "s_ready = !full || m_ready;", "s_ready = !full;"},
	{"a shift rounds halves up", "convsim_round_shift", "(wide[SHIFT] || rest)", "1'b1"},
	{"addressed padding forgets later rows", "convsim_pad_addressed", "(!row[3*BW] || stored < later_row + $signed(BW'(DEPTH)))", "1'b1"},
}

// held is a design whose sink holds it up, with hardly a FIFO, frame after frame:
// many rules are only seen then.
func held(d proof.Design) proof.Design {
	p := &pipeline.Plan{Nodes: slices.Clone(d.Plan.Nodes), Edges: slices.Clone(d.Plan.Edges)}
	for i := range p.Edges {
		p.Edges[i].Depth = i % 2
	}
	for i, n := range p.Nodes {
		switch b := n.Block.(type) {
		case linebuffer.Window:
			b.Overlap = false
			p.Nodes[i].Block = b
		case wiring.Source:
			b.Pattern = clock.Always{}
			p.Nodes[i].Block = b
		case wiring.Sink:
			b.Pattern = clock.Every{N: 9}
			p.Nodes[i].Block = b
		}
	}
	d.Plan, d.Frames = p, 3
	return d
}

// TestMutants breaks every rule once: of random designs that have the module, one
// must notice.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred simulations")
	}
	s := simulator(t, proof.Icarus)
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			const most = 60
			tried := 0
			for seed := uint64(0); tried < most; seed++ {
				d := randomDesignWith(rand.New(rand.NewPCG(seed, 14)), likely[m.name])
				if seed%2 == 1 {
					d = held(d)
				}
				p, err := proof.New(context.Background(), d)
				if err != nil {
					t.Fatal(err)
				}
				file := "rtl/" + m.module + ".sv"
				before := string(p.Files[file])
				if before == "" {
					continue
				}
				tried++
				after := strings.Replace(before, m.old, m.new, 1)
				if after == before {
					t.Fatalf("%s has no %q", m.module, m.old)
				}
				p.Files[file] = []byte(after)
				r, err := p.Check(context.Background(), s)
				if err != nil {
					t.Fatal(err)
				}
				if !r.Equal {
					t.Logf("noticed by design %d of those with the module", tried)
					return
				}
			}
			t.Errorf("no design of %d noticed", most)
		})
	}
}
