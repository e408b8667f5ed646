package network

import (
	"maps"
	"slices"
	"strconv"

	"github.com/convsim/convsim/tensor"
)

// Parted is the network with every Gemm that hardware has no stage for taken apart:
// where both factors are streams or the first is transposed, where factors are not 1,
// where what is added is no constant row, and where its rows are no frames. It becomes
// what its definition says: transposes, a MatMul, products and a sum. Tensors keep their
// names; new ones have "_part" behind the name of the Gemm's output.
func (g *Graph) Parted() (*Graph, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	p := &parting{types: types, taken: takenBy(types), byFrames: g.ByFrames(types),
		out: &Graph{Name: g.Name, Inputs: g.Inputs, Outputs: g.Outputs, Constants: maps.Clone(g.Constants)}}
	if p.out.Constants == nil {
		p.out.Constants = map[string]*tensor.Tensor{}
	}
	for _, n := range g.Nodes {
		p.taken[n.Name] = true
	}
	for _, n := range g.Nodes {
		if op, ok := n.Op.(Gemm); ok && !p.stage(n, op) {
			if err := p.gemm(n, op); err != nil {
				return nil, err
			}
			continue
		}
		p.out.Nodes = append(p.out.Nodes, n)
	}
	return p.out, nil
}

// parting is a network being taken apart.
type parting struct {
	types    map[string]Type
	taken    taken
	byFrames bool
	out      *Graph
}

// stage reports whether a Gemm is a stream of rows times constant weights, and a
// constant row.
func (p *parting) stage(n Node, g Gemm) bool {
	_, stream := p.out.Constants[n.Inputs[0]]
	if stream || p.out.Constants[n.Inputs[1]] == nil || g.TransA || g.Alpha != 1 || !p.byFrames && p.types[n.Inputs[0]].Shape[0] != 1 {
		return false
	}
	if len(n.Inputs) < 3 || n.Inputs[2] == "" {
		return true
	}
	c := p.out.Constants[n.Inputs[2]]
	return c != nil && g.Beta == 1 && (c.Len() == 1 || c.Shape()[len(c.Shape())-1] == c.Len())
}

// gemm adds the parts of a Gemm.
func (p *parting) gemm(n Node, g Gemm) error {
	y := n.Outputs[0]
	a, b := n.Inputs[0], n.Inputs[1]
	if g.TransA {
		a = p.add(Transpose{[]int{1, 0}}, p.taken.fresh(y+"_part"), a)
	}
	if g.TransB {
		b = p.add(Transpose{[]int{1, 0}}, p.taken.fresh(y+"_part"), b)
	}
	sum := len(n.Inputs) > 2 && n.Inputs[2] != ""
	name := func(last bool) string {
		if last {
			return y
		}
		return p.taken.fresh(y + "_part")
	}
	at := name(!sum && g.Alpha == 1)
	p.out.Nodes = append(p.out.Nodes, Node{n.Name, MatMul{}, []string{a, b}, []string{at}})
	var err error
	if g.Alpha != 1 {
		if at, err = p.scaled(at, g.Alpha, name(!sum)); err != nil {
			return err
		}
	}
	if !sum {
		return nil
	}
	c := n.Inputs[2]
	if g.Beta != 1 {
		if c, err = p.scaled(c, g.Beta, name(false)); err != nil {
			return err
		}
	}
	p.add(Combine{Add}, y, at, c)
	return nil
}

// scaled adds a product with a number.
func (p *parting) scaled(x string, by float32, out string) (string, error) {
	c, err := tensor.From(tensor.Float32, []float32{by})
	if err != nil {
		return "", err
	}
	factor := p.taken.fresh(out + "_factor")
	p.out.Constants[factor] = c
	return p.add(Combine{Mul}, out, x, factor), nil
}

// add adds a node and returns its output; of constants it is computed by the pass that
// folds them.
func (p *parting) add(op Op, out string, in ...string) string {
	p.out.Nodes = append(p.out.Nodes, Node{p.taken.fresh(out + "_node"), op, slices.Clone(in), []string{out}})
	return out
}

// taken are the names that tensors have.
type taken map[string]bool

func takenBy(types map[string]Type) taken {
	t := taken{}
	for name := range types {
		t[name] = true
	}
	return t
}

// fresh is a name that no tensor has, and takes it.
func (t taken) fresh(name string) string {
	at := name
	for i := 2; t[at]; i++ {
		at = name + strconv.Itoa(i)
	}
	t[at] = true
	return at
}
