package network

// Count is what a node costs.
type Count struct {
	Node       string
	MACs       int64 // multiply-accumulates; taps that read padding count
	Parameters int64 // elements of the constants it is the first to read
}

// multiplies is an operator with multiply-accumulates.
type multiplies interface {
	// macs counts them for inputs that Infer accepts.
	macs(in []Type) int64
}

// Counts returns what each node costs, or what Check returns.
func (g *Graph) Counts() ([]Count, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	out := make([]Count, len(g.Nodes))
	for i, n := range g.Nodes {
		out[i].Node = n.Name
		in := make([]Type, len(n.Inputs))
		for k, name := range n.Inputs {
			in[k] = types[name]
			if c, ok := g.Constants[name]; ok && !seen[name] {
				seen[name] = true
				out[i].Parameters += int64(c.Len())
			}
		}
		out[i].MACs = MACs(n.Op, in)
	}
	return out, nil
}

// MACs counts the multiply-accumulates of an operator for inputs that Infer
// accepts.
func MACs(op Op, in []Type) int64 {
	if op, ok := op.(multiplies); ok {
		return op.macs(in)
	}
	return 0
}

func (c Conv) macs(in []Type) int64 {
	s, err := c.shape(in, 3)
	if err != nil {
		return 0
	}
	return s.MACs()
}

func (c ConvInteger) macs(in []Type) int64 { return c.Conv.macs(in) }

func (q QLinearConv) macs(in []Type) int64 { return q.Conv.macs(in) }

func (c ConvTranspose) macs(in []Type) int64 {
	s, err := c.shape(in)
	if err != nil {
		return 0
	}
	return s.MACs()
}

func (c ConvTransposeInteger) macs(in []Type) int64 { return c.Conv.macs(in) }

func (q QLinearConvTranspose) macs(in []Type) int64 { return q.Conv.macs(in) }

func (g Gemm) macs(in []Type) int64 { return gemmMACs(in, g.TransA) }

func (q QGemm) macs(in []Type) int64 { return gemmMACs(in, q.TransA) }

// gemmMACs counts the products of two matrices: every element of a meets as many
// of b as there are columns.
func gemmMACs(in []Type, transA bool) int64 {
	a := turned(in[0].Shape, transA)
	if a[1] == 0 {
		return 0
	}
	return count64(a) * (count64(in[1].Shape) / int64(a[1]))
}

func (MatMul) macs(in []Type) int64 {
	m, err := stackOf(in[0].Shape, in[1].Shape)
	if err != nil {
		return 0
	}
	return count64(m.a) * int64(m.n)
}

func (MatMulInteger) macs(in []Type) int64 { return MatMul{}.macs(in) }

func (QLinearMatMul) macs(in []Type) int64 { return MatMul{}.macs(in) }
