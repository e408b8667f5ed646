package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/tensor"
)

// mover is a chain of operators that move elements about.
type mover struct {
	graph *network.Graph
	shape []int // of the last tensor
}

func newMover(shape ...int) *mover {
	return &mover{&network.Graph{Name: "mover", Inputs: []network.Input{{Name: "x", Type: network.Type{DType: tensor.UInt8, Shape: shape}}},
		Outputs: []string{"x"}}, shape}
}

// add puts an operator at the end.
func (m *mover) add(op network.Op) {
	in, out := m.graph.Outputs[0], fmt.Sprint("t", len(m.graph.Nodes))
	m.graph.Nodes = append(m.graph.Nodes, network.Node{Name: "n" + out, Op: op, Inputs: []string{in}, Outputs: []string{out}})
	m.graph.Outputs[0] = out
	types, err := op.Infer([]network.Type{{DType: tensor.UInt8, Shape: m.shape}})
	if err != nil {
		panic(err)
	}
	m.shape = types[0].Shape
}

// split makes two axes of one.
func (m *mover) split(axis, by int) {
	shape := append(append(append([]int{}, m.shape[:axis]...), by, m.shape[axis]/by), m.shape[axis+1:]...)
	m.add(network.Reshape{Shape: shape})
}

// join makes one axis of two.
func (m *mover) join(axis int) {
	shape := append(append(append([]int{}, m.shape[:axis]...), m.shape[axis]*m.shape[axis+1]), m.shape[axis+2:]...)
	m.add(network.Reshape{Shape: shape})
}

func (m *mover) swap(a, b int) {
	perm := make([]int, len(m.shape))
	for i := range perm {
		perm[i] = i
	}
	perm[a], perm[b] = b, a
	m.add(network.Transpose{Perm: perm})
}

// random adds an operator.
func (m *mover) random(r *rand.Rand) {
	rank := len(m.shape)
	axis := 1 + r.IntN(rank-1)
	sides := func(at int) []int {
		s := make([]int, rank)
		s[axis] = at
		return s
	}
	switch r.IntN(7) {
	case 0, 1:
		if by := []int{2, 3, 4}[r.IntN(3)]; m.shape[axis]%by == 0 && rank < 6 {
			m.split(axis, by)
		}
	case 2:
		if axis+1 < rank && rank > 2 {
			m.join(axis)
		}
	case 3:
		m.swap(axis, 1+r.IntN(rank-1))
	case 4:
		m.add(network.Slice{Starts: []int{r.IntN(m.shape[axis])}, Ends: []int{m.shape[axis]}, Axes: []int{axis}, Steps: []int{1 + r.IntN(2)}})
	case 5:
		m.add(network.Pad{Mode: []network.PadMode{network.PadConstant, network.PadEdge}[r.IntN(2)], Begin: sides(r.IntN(3)), End: sides(r.IntN(2)), Value: 7})
	case 6:
		at := make([]int, 1+r.IntN(m.shape[axis]))
		first, jumps := r.IntN(m.shape[axis]-len(at)+1), r.IntN(2) == 0
		for i := range at {
			at[i] = first + i
			if jumps {
				at[i] = r.IntN(m.shape[axis])
			}
		}
		m.add(network.Gather{Axis: axis, At: at})
	}
}

// TestMovesEqualTheirDefinition: whatever splits, joins, swaps, cuts, pads and picks
// come one after the other, on any number of lanes.
func TestMovesEqualTheirDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 26))
	for i := range 300 {
		m := newMover(2, 2+2*r.IntN(6), 1+r.IntN(6), 1+r.IntN(6))
		for range 1 + r.IntN(6) {
			m.random(r)
		}
		if len(m.graph.Nodes) == 0 {
			continue
		}
		hw, _ := parse(t, fmt.Sprintf(`{name: a, array: {pe: %d, simd: %d}}`, 1+r.IntN(4), 1+r.IntN(4)), stopLayer)
		emitted(t, hw, m.graph)
		streams(t, hw, m.graph, map[string]*tensor.Tensor{"x": testTensor(r, tensor.UInt8, m.graph.Inputs[0].Type.Shape...)})
		if t.Failed() {
			t.Fatalf("chain %d of %v: %+v", i, m.graph.Inputs[0].Type.Shape, m.graph.Nodes)
		}
	}
}

// emitted fails unless there is hardware of all memories.
func emitted(t *testing.T, hw *configs.Hardware, g *network.Graph) {
	n, err := NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range n.Plan.Nodes {
		if b, ok := node.Block.(wiring.Batch); ok {
			if _, err := b.Module(nil); err != nil {
				t.Errorf("%s: %v", node.Name(), err)
			}
		}
	}
}

// TestMemoryOfMoves: only what has to wait for each other is kept, and crosses together
// if it stays together.
func TestMemoryOfMoves(t *testing.T) {
	for _, c := range []struct {
		name  string
		shape []int
		moves func(m *mover)
		want  []string // memories: so many batches a frame, of so many beats that come and leave
	}{
		{"shuffled channels: a pixel", []int{1, 48, 5, 7}, func(m *mover) { m.split(1, 2); m.swap(1, 2); m.join(1) }, []string{"35 of 48 and 48"}},
		{"pixels as a row: nothing", []int{1, 48, 5, 7}, func(m *mover) { m.join(2) }, nil},
		{"axes taken apart and put together again: nothing", []int{1, 48, 4, 6}, func(m *mover) { m.split(1, 3); m.split(3, 2); m.join(3); m.join(1) }, nil},
		{"flattened: a frame", []int{1, 3, 5, 7}, func(m *mover) { m.join(1); m.join(1) }, []string{"1 of 105 and 105"}},
		{"columns turned round: a row, by pixels", []int{1, 4, 5, 7}, func(m *mover) {
			m.add(network.Slice{Starts: []int{-1}, Ends: []int{-9}, Axes: []int{3}, Steps: []int{-1}})
		}, []string{"5 of 7 and 7"}},
		{"columns cut: a row, by pixels", []int{1, 4, 5, 7}, func(m *mover) { m.add(network.Slice{Starts: []int{2}, Ends: []int{7}, Axes: []int{3}}) }, []string{"5 of 7 and 5"}},
		{"blocks of pixels as channels: rows of a block", []int{1, 4, 6, 8}, func(m *mover) { m.add(network.SpaceToDepth{Block: 2}) }, []string{"3 of 16 and 16"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMover(c.shape...)
			c.moves(m)
			hw, _ := parse(t, `{name: a, array: {pe: 4, simd: 4}}`, stopLayer)
			n, err := NewNetwork(hw, m.graph)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, node := range n.Plan.Nodes {
				if b, ok := node.Block.(wiring.Batch); ok {
					got = append(got, fmt.Sprintf("%d of %d and %d", b.Batches, b.In.Frame()/b.Batches, b.Out.Frame()/b.Batches))
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("memories: %v; want: %v", got, c.want)
			}
		})
	}
}
