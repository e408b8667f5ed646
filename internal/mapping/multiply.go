package mapping

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// product is an operator that multiplies by constant weights, as a convolution.
type product struct {
	x          int // input that streams
	weight     *tensor.Tensor
	bias       *tensor.Tensor // nil for none
	layer      conv.Conv2d
	zero       int32 // of the activations
	weightZero []int32
	rule       *pe.Rule // nil: sums leave as they are
	elem       tensor.DType
	after      scalar.Function // of float sums, nil for none
	order      Order           // of a product of matrices
}

// multiply adds the stages of an operator that multiplies by weights.
func (n *net) multiply(node network.Node) ([]feed, string) {
	p, why := n.product(node)
	if why != "" {
		return nil, why
	}
	if p.weight == nil {
		return n.pairs(node)
	}
	x, ok := n.take(node.Inputs[p.x])
	if !ok {
		return nil, "its input comes from no stage"
	}
	return n.multiplied(x, p, n.Types[node.Outputs[0]])
}

// multiplied adds padding, window, arrays and requantisation behind a feed.
func (n *net) multiplied(x feed, p product, t network.Type) ([]feed, string) {
	x, height, width := n.pixels(x, p.order.In)
	shape, err := p.layer.Resolve(1, height, width)
	if err != nil {
		return nil, err.Error()
	}
	f := n.fold(shape)
	x = n.lanes(x, f.InLanes())
	sum := tensor.Int32
	if p.elem == tensor.Float32 {
		sum = tensor.Float32
	}
	c := Conv{Fold: f, Elem: x.stream.Elem, Weight: p.weight.DType(), Sum: sum, Zero: p.zero, Accumulator: accumulatorOf(n.own),
		Overlap: n.own.Window.FrameOverlap, BufferDepth: n.bufferDepth(f), ArrayLatency: n.own.ArrayLatency(f.SumLanes()),
		ArrayQueue: n.own.ArrayQueue(f.SumLanes()), WeightZero: anyZeroPoint(p.weightZero), Memory: n.own.Weights.Style()}
	c.Packing = n.own.Packing(c.Array().WeightBits(), c.Elem.Bits())
	if c.Load, c.Tile, err = loads(n.hw, n.layer, f); err != nil {
		n.errs = append(n.errs, err)
		return nil, ""
	}
	if p.rule != nil {
		c.Requantize = &pe.Requantize{Sum: sum, Elem: p.elem, Rule: *p.rule, Bias: shape.Bias, Latency: requantizeLatency(n.own.Requantize, p.elem)}
	}
	x = n.chain(x, c.Blocks()...)
	n.keep(p)
	x.typ = t
	if x.axes = p.order.Out; x.axes == nil {
		x.axes = imageAxes(len(t.Shape))
	}
	if p.after != nil {
		x = n.mapped(x, p.after, t)
	}
	return []feed{x}, ""
}

// bufferDepth is what the file says of a line buffer, in beats; 0 is computed.
func (n *net) bufferDepth(f sched.Fold) int64 {
	depth := int64(n.own.Window.BufferDepth)
	if least := f.LeastWindowDepth(); depth > 0 && f.Style == sched.Serial && depth < least {
		n.errs = append(n.errs, n.hw.WrongOf(n.layer, "window.buffer_depth", fmt.Sprint(depth),
			fmt.Sprintf("at least %d beats for layer %s (%d run without extra stalls), or 0 to compute it", least, n.layer, f.WindowDepth())))
		return 0
	}
	return depth
}

// pixels brings a feed into the order of images and returns their size; a matrix, whose
// axes cross in an order of their own, is a row of pixels.
func (n *net) pixels(f feed, order []int) (image feed, height, width int) {
	shape := f.typ.Shape
	switch {
	case order != nil:
		f, width = n.ordered(f, order), 1
		for _, a := range order[:len(order)-1] {
			width *= shape[a]
		}
		row := network.Type{DType: f.typ.DType, Shape: []int{shape[0], shape[order[len(order)-1]], 1, width}}
		return n.reshaped(f, row, imageAxes(4), gcd(f.stream.Lanes, row.Shape[1])), 1, width
	case len(shape) == 4:
		return n.image(f), shape[2], shape[3]
	}
	return n.image(f), 1, shape[2]
}

// fold folds a convolution onto the hardware's array as far as its channels
// divide, so that no lane is idle.
func (n *net) fold(s conv.Shape) sched.Fold {
	a := n.own.Array
	array := sched.Array{PE: divisor(s.GroupOutChannels(), a.PE), SIMD: divisor(s.GroupInChannels(), a.SIMD), GroupParallel: 1}
	if array.SIMD == s.GroupInChannels() && array.PE == s.GroupOutChannels() {
		// Whole groups side by side keep their channels in order.
		array.GroupParallel = divisor(s.Groups, a.GroupParallel)
		if s.Groups > 1 && a.GroupParallel == 1 && array.SIMD*array.PE == 1 {
			array.GroupParallel = divisor(s.Groups, a.PE)
		}
	}
	return sched.NewFold(s, array, styleOf(n.own))
}

// keep gives the array just added its constants.
func (n *net) keep(p product) {
	for i := len(n.Plan.Nodes) - 1; i >= 0; i-- {
		if _, ok := n.Plan.Nodes[i].Block.(pe.Array); !ok {
			continue
		}
		c := flow.Constants{"weight": p.weight, "bias": p.bias}
		if len(p.weightZero) > 0 {
			c["weight_zero"], _ = tensor.From(tensor.Int32, p.weightZero, len(p.weightZero))
		}
		n.Constants = append(n.Constants, make([]flow.Constants, len(n.Plan.Nodes)-len(n.Constants))...)
		if from, ok := n.loader(i); ok {
			n.Constants[from] = flow.Constants{"weight": p.weight}
		}
		n.Constants[i] = c
		n.Arrays[n.number] = i
		if p.order.In != nil {
			n.Orders[n.number] = p.order
		}
		return
	}
}

// loader is the node that brings the weights of the array at a node, if they come by a
// port.
func (n *net) loader(array int) (int, bool) {
	if !n.Plan.Nodes[array].Block.(pe.Array).Loads() {
		return 0, false
	}
	for i := array; ; i-- {
		if _, ok := n.Plan.Nodes[i].Block.(pe.Weights); ok {
			return i, true
		}
	}
}

// product sees a node as a product with weights, or says why it is none.
func (n *net) product(node network.Node) (product, string) {
	switch op := node.Op.(type) {
	case network.Conv:
		return n.convolution(node, op, 1, 2, tensor.Float32)
	case network.ConvInteger:
		p, why := n.convolution(node, op.Conv, 1, -1, tensor.Int32)
		p.zero, p.weightZero = op.XZero, op.WZero
		return p, why
	case network.QLinearConv:
		p, why := n.convolution(node, op.Conv, 1, 2, op.Y.DType)
		p.quantised(op.X, op.W, op.Y, op.Clamp)
		p.rounds(op.Rounding)
		return p, why
	case network.Gemm:
		if op.TransA || op.Alpha != 1 || op.Beta != 1 && len(node.Inputs) > 2 {
			return product{}, "a transposed first factor, or factors other than 1; allowed: neither"
		}
		return n.matrix(node, op.TransB, tensor.Float32)
	case network.MatMul:
		return n.matrix(node, false, tensor.Float32)
	case network.MatMulInteger:
		return n.integers(node, op)
	case network.QLinearMatMul:
		p, why := n.matrix(node, false, op.Y.DType)
		if x := []network.Quant{op.A, op.B}[p.x]; p.weight != nil && (len(x.Scale) > 1 || len(x.Zero) > 1) {
			return p, "a scale for every row or column of the stream; allowed: one for all"
		}
		return p.requantised(op.A, op.B, op.Y, nil), why
	case network.QGemm:
		if len(op.Y.Scale) == 0 || op.Alpha != 1 || op.TransA {
			return product{}, "float results, a factor other than 1 or a transposed first factor; allowed: integer results of rows"
		}
		p, why := n.matrix(node, op.TransB, op.Y.DType)
		if why == "" && p.weight == nil {
			why = "its second factor is no constant, or its first one is; allowed: a stream times constant weights"
		}
		p = p.requantised(op.A, op.B, op.Y, op.Clamp)
		p.rounds(op.Rounding)
		return p, why
	}
	return product{}, "it is no product with weights"
}

// integers reads a product of integers.
func (n *net) integers(node network.Node, op network.MatMulInteger) (product, string) {
	p, why := n.matrix(node, false, tensor.Int32)
	zeros, weightZeros := op.AZero, op.BZero
	if p.x == 1 {
		zeros, weightZeros = weightZeros, zeros
	}
	if len(zeros) > 1 {
		return p, "a zero point for every row; allowed: one for all"
	}
	if len(zeros) == 1 {
		p.zero = zeros[0]
	}
	p.weightZero = weightZeros
	return p, why
}

// requantised is quantised of a product whose stream is either factor.
func (p product) requantised(a, b, y network.Quant, clamp *network.Clamp) product {
	if p.x == 1 {
		a, b = b, a
	}
	p.quantised(a, b, y, clamp)
	return p
}

// quantised fills in the zero points and the requantisation by ONNX's rule.
func (p *product) quantised(x, w, y network.Quant, clamp *network.Clamp) {
	s := limited(y, clamp)
	p.zero, p.weightZero = x.Zero[0], w.Zero
	p.rule = &pe.Rule{Kind: pe.ONNX, Scales: pe.Scales{Input: x.Scale[0], Weight: w.Scale, Output: y.Scale[0]},
		Out: pe.Output{ZeroPoint: y.Zero[0], Range: pe.Span{Min: int64(s.Lo), Max: int64(s.Hi)}}}
}

// rounds gives the requantisation another rule.
func (p *product) rounds(r network.Rounding) {
	switch r.Rule {
	case network.TFLite:
		p.rule.Kind = pe.TFLite
	case network.Shift:
		p.rule.Kind, p.rule.Shift = pe.Shift, r.Shift
	}
}

// convolution reads the weights of a convolution.
func (n *net) convolution(node network.Node, c network.Conv, weight, bias int, elem tensor.DType) (product, string) {
	w := n.constant(node, weight)
	if w == nil {
		return product{}, "its weights are no constant"
	}
	shape := w.Shape()
	if len(shape) == 3 {
		shape = []int{shape[0], shape[1], 1, shape[2]}
		w, _ = w.Reshape(shape...)
	}
	p := product{weight: w, elem: elem, layer: conv.Conv2d{InChannels: shape[1] * c.Groups, OutChannels: shape[0],
		Kernel: conv.Pair{H: shape[2], W: shape[3]}, Stride: c.Stride, Dilation: c.Dilation, Padding: c.Padding,
		PaddingMode: c.PaddingMode, Groups: c.Groups}}
	if bias >= 0 && bias < len(node.Inputs) && node.Inputs[bias] != "" {
		if p.bias = n.constant(node, bias); p.bias == nil {
			return p, "its bias is no constant"
		}
		p.layer.Bias = true
	}
	return p, ""
}
