package network_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// chain builds a graph node by node from one int8 input, [2, 4, 5, 6].
type chain struct{ g network.Graph }

func newChain() *chain {
	x := network.Input{Name: "x", Type: network.Type{DType: tensor.Int8, Shape: []int{2, 4, 5, 6}}}
	return &chain{network.Graph{Inputs: []network.Input{x}, Constants: map[string]*tensor.Tensor{}}}
}

// add adds a node with one output and returns that.
func (c *chain) add(op network.Op, inputs ...string) string {
	name := fmt.Sprintf("n%d", len(c.g.Nodes))
	c.g.Nodes = append(c.g.Nodes, network.Node{Name: name, Op: op, Inputs: inputs, Outputs: []string{name + ":" + op.Kind()}})
	return name + ":" + op.Kind()
}

func (c *chain) constant(t *tensor.Tensor) string {
	name := fmt.Sprintf("c%d", len(c.g.Constants))
	c.g.Constants[name] = t
	return name
}

func (c *chain) dequantize(x string, q network.Quant) string {
	return c.add(network.DequantizeLinear{X: q}, x)
}

func (c *chain) quantize(x string, q network.Quant) string {
	return c.add(network.QuantizeLinear{Y: q}, x)
}

// weights adds int8 weights with a scale for each index of an axis.
func (c *chain) weights(t *rapid.T, axis int, shape ...int) string {
	n := 1
	for _, d := range shape {
		n *= d
	}
	w := i8(rapid.SliceOfN(rapid.Int8Range(-8, 7), n, n).Draw(t, "weights"), shape...)
	scales := make(values, shape[axis])
	for i := range scales {
		scales[i] = pow2(t)
	}
	q := network.Quant{DType: tensor.Int8, Scale: scales, Zero: make([]int32, len(scales))}
	return c.add(network.DequantizeLinear{X: q, Axis: axis}, c.constant(w))
}

func (c *chain) bias(t *rapid.T, n int) string {
	return c.constant(f32(rapid.SliceOfN(rapid.SampledFrom(values{0, 1, -3}), n, n).Draw(t, "bias")))
}

func pow2(t *rapid.T) float32 { return rapid.SampledFrom(values{1, 0.5, 0.25, 0.125}).Draw(t, "scale") }

// scale draws a scale with which all sums of floats are exact.
func scale(t *rapid.T) network.Quant {
	return q(tensor.Int8, pow2(t), rapid.Int32Range(-3, 3).Draw(t, "zero"))
}

// steps are parts of a network: from an integer tensor of any shape to another.
var steps = map[string]struct {
	add  func(t *rapid.T, c *chain, x string, in, out network.Quant) string
	want string // the operator it is lowered to
}{
	"conv": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		op := network.Conv{Stride: conv.Pair{H: 2, W: 1}, Dilation: one, Groups: 2, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Left: 1}}}
		y := c.add(op, c.dequantize(x, in), c.weights(t, 0, 6, 2, 2, 2), c.bias(t, 6))
		y = c.add(network.Unary{Function: network.Relu}, y)
		return c.quantize(c.add(network.Clip{Lo: number(-1), Hi: number(6)}, y), out)
	}, "QLinearConv"},
	"conv, relu": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		y := c.add(network.Conv{Stride: one, Dilation: one, Groups: 1}, c.dequantize(x, in), c.weights(t, 0, 6, 4, 1, 1))
		return c.quantize(c.add(network.Unary{Function: network.Relu}, y), out)
	}, "QLinearConv"},
	"transposed": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		op := network.ConvTranspose{Stride: conv.Pair{H: 2, W: 1}, Dilation: one, Groups: 2}
		return c.quantize(c.add(op, c.dequantize(x, in), c.weights(t, 1, 4, 3, 2, 2), c.bias(t, 6)), out)
	}, "convsim.QLinearConvTranspose"},
	"gemm": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		y := c.add(network.Reshape{Shape: []int{-1, 8}}, x)
		return c.quantize(c.add(network.Gemm{Alpha: 1, Beta: 1, TransB: true}, c.dequantize(y, in), c.weights(t, 0, 3, 8), c.bias(t, 3)), out)
	}, "com.microsoft.QGemm"},
	"matmul": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		return c.quantize(c.add(network.MatMul{}, c.dequantize(x, in), c.weights(t, 1, 6, 3)), out)
	}, "QLinearMatMul"},
	"average": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		x = c.add(network.Slice{Starts: []int{0, 0}, Ends: []int{4, 4}, Axes: []int{2, 3}}, x)
		return c.quantize(c.add(network.GlobalAveragePool{}, c.dequantize(x, in)), out)
	}, "com.microsoft.QLinearGlobalAveragePool"},
	"hard swish": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		f := c.dequantize(x, in)
		y := c.add(network.Combine{How: network.Add}, c.constant(f32(values{3}, 1, 1)), f)
		y = c.add(network.Clip{Lo: number(0), Hi: number(6)}, y)
		y = c.add(network.Combine{How: network.Div}, y, c.constant(f32(values{6}, []int{}...)))
		return c.quantize(c.add(network.Combine{How: network.Mul}, f, y), out)
	}, "convsim.Table"},
	"prelu": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		return c.quantize(c.add(network.PRelu{}, c.dequantize(x, in), c.constant(f32(values{0.25}))), out)
	}, "convsim.Table"},
	"rescale": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		return c.quantize(c.dequantize(x, in), out)
	}, "convsim.Table"},
	"max pool": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		return c.quantize(c.add(network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 2, W: 2}, Stride: one, Dilation: one}}, c.dequantize(x, in)), in)
	}, "MaxPool"},
	"a larger scale behind a pool": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		in, out.Scale = q(tensor.Int8, in.Scale[0]/2, 0), in.Scale
		y := c.add(network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 2, W: 2}, Stride: one, Dilation: one}}, c.dequantize(x, in))
		return c.quantize(y, out)
	}, "convsim.Table"},
	"moved floats": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		y := c.add(network.PRelu{}, c.dequantize(x, in), c.constant(f32(values{0.25, 0.5, 1, 2}, 4, 1, 1)))
		y = c.add(network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 2, W: 2}, Stride: one, Dilation: one}}, y)
		return c.quantize(c.add(network.Transpose{Perm: []int{0, 2, 3, 1}}, y), out)
	}, "Transpose"},
	"pad": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		op := network.Pad{Begin: []int{0, 0, 1, 0}, End: []int{0, 0, 0, 2}, Value: 1.5}
		return c.quantize(c.add(op, c.dequantize(x, in)), in)
	}, "Pad"},
	"resize": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		op := network.Resize{Sizes: []int{2, 4, 7, 9}, Coordinate: network.HalfPixel, NearestMode: network.RoundFloor}
		return c.quantize(c.add(op, c.dequantize(x, in)), in)
	}, "Resize"},
	"concat": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		f := c.dequantize(x, in)
		return c.quantize(c.add(network.Concat{Axis: 1}, f, f), out)
	}, "com.microsoft.QLinearConcat"},
	"average pool": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		op := network.AveragePool{Pool: network.Pool{Kernel: conv.Pair{H: 3, W: 2}, Stride: one, Dilation: one}}
		return c.quantize(c.add(op, c.dequantize(x, in)), out)
	}, "com.microsoft.QLinearAveragePool"},
	"softmax": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		return c.quantize(c.add(network.Softmax{Axis: 1}, c.dequantize(x, in)), out)
	}, "com.microsoft.QLinearSoftmax"},
	"add stays": {func(t *rapid.T, c *chain, x string, in, out network.Quant) string {
		f := c.dequantize(x, in)
		return c.quantize(c.add(network.Combine{How: network.Add}, f, c.add(network.Transpose{Perm: []int{0, 1, 2, 3}}, f)), out)
	}, "Add"},
}

// Where sums of floats are exact, lowering changes no bit of any tensor that is
// left, and the operator is the one that is wanted.
func TestLower(t *testing.T) {
	for name, s := range steps {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := newChain()
				y := s.add(t, c, "x", scale(t), scale(t))
				c.g.Outputs = []string{y}
				x := i8(rapid.SliceOfN(rapid.Int8(), 240, 240).Draw(t, "x"), 2, 4, 5, 6)
				before, lowered := tensors(t, &c.g, x), lower(t, &c.g)
				for name, got := range tensors(t, lowered, x) {
					if want := before[name]; want != nil && !got.Equal(want) {
						t.Fatalf("%s: got %v; want %v", name, got.Data, want.Data)
					}
				}
				kinds := map[string]int{}
				for _, n := range lowered.Nodes {
					kinds[n.Op.Kind()]++
				}
				if kinds[s.want] != 1 || kinds["PRelu"]+kinds["Add"] == 0 && kinds["QuantizeLinear"]+kinds["DequantizeLinear"] > 0 {
					t.Errorf("lowered to %v; want %s", kinds, s.want)
				}
			})
		})
	}
}

func lower(t *rapid.T, g *network.Graph) *network.Graph {
	out, err := network.Lower(g)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tensors returns every tensor of a graph.
func tensors(t *rapid.T, g *network.Graph, x *tensor.Tensor) map[string]*tensor.Tensor {
	all := map[string]*tensor.Tensor{}
	_, err := network.Execute(g, map[string]*tensor.Tensor{"x": x}, func(_ network.Node, name string, y *tensor.Tensor) error {
		all[name] = y
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A bias of integers is in units of the accumulator, however its scale was rounded.
func TestLowerBias(t *testing.T) {
	third, tenth := float32(1.0/3), float32(0.1)
	for name, c := range map[string]struct {
		scale float32
		want  string
	}{
		"float32":  {third * tenth, "QLinearConv"},
		"next one": {math.Nextafter32(third*tenth, 1), "QLinearConv"},
		"other":    {third * tenth * 1.001, "QuantizeLinear"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newChain()
			w := b.add(network.DequantizeLinear{X: q(tensor.Int8, tenth, 0)}, b.constant(i8([]int8{1, 2, 3, 4}, 1, 4, 1, 1)))
			bias := b.add(network.DequantizeLinear{X: q(tensor.Int32, c.scale, 0)}, b.constant(i32([]int32{7})))
			y := b.add(network.Conv{Stride: one, Dilation: one, Groups: 1}, b.dequantize("x", q(tensor.Int8, third, 0)), w, bias)
			b.g.Outputs = []string{b.quantize(y, q(tensor.Int8, 1, 0))}
			g, err := network.Lower(&b.g)
			if err != nil {
				t.Fatal(err)
			}
			if got := kinds(g); got[len(got)-1] != c.want {
				t.Errorf("ends in %v; want %s", got, c.want)
			}
		})
	}
}

// What is used elsewhere too, or is not whole, stays as it is.
func TestLowerLeaves(t *testing.T) {
	half := q(tensor.Int8, 0.5, 0)
	for name, build := range map[string]func(c *chain, y string) (outputs []string){
		"a sum wanted as floats": func(c *chain, y string) []string { return []string{y, c.quantize(y, half)} },
		"a bias that is not whole": func(c *chain, y string) []string {
			last := &c.g.Nodes[len(c.g.Nodes)-1]
			last.Inputs = append(last.Inputs, c.constant(f32(values{0.3})))
			return []string{c.quantize(y, half)}
		},
		"a scale for each channel": func(c *chain, y string) []string {
			per := network.Quant{DType: tensor.Int8, Scale: values{1, 2}, Zero: []int32{0, 0}}
			return []string{c.add(network.QuantizeLinear{Y: per, Axis: 0}, y)}
		},
		"a constant for each channel": func(c *chain, y string) []string {
			z := c.add(network.Combine{How: network.Mul}, c.dequantize("x", half), c.constant(f32(values{1, 2, 3, 4}, 4, 1, 1)))
			return []string{y, c.quantize(z, half)}
		},
		"a function of floats": func(c *chain, y string) []string {
			return []string{c.quantize(c.add(network.Unary{Function: network.Sigmoid}, y), half)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newChain()
			w := c.add(network.DequantizeLinear{X: half}, c.constant(i8([]int8{1, 2, 3, 4}, 1, 4, 1, 1)))
			y := c.add(network.Conv{Stride: one, Dilation: one, Groups: 1}, c.dequantize("x", half), w)
			c.g.Outputs = build(c, y)
			got, err := network.Lower(&c.g)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(kinds(&c.g), kinds(got)); diff != "" {
				t.Errorf("lowered (-before +after):\n%s", diff)
			}
		})
	}
}

func kinds(g *network.Graph) (out []string) {
	for _, n := range g.Nodes {
		out = append(out, n.Op.Kind())
	}
	return out
}
