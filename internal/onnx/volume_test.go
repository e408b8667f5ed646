package onnx_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// volumeCase is an operator of three spatial axes, with what PyTorch's names say of it.
type volumeCase struct {
	op                              string
	in                              [4]int // channels, depth, height, width
	kernel, stride, dilation, begin [3]int
	end, more                       [3]int
	filters, groups                 int
}

// TestVolumes: convolutions and poolings of three spatial axes are what loops over all of
// them make, whole numbers bit for bit.
func TestVolumes(t *testing.T) {
	one := [3]int{1, 1, 1}
	for _, c := range []volumeCase{
		{op: "Conv", in: [4]int{4, 5, 6, 7}, kernel: [3]int{3, 2, 3}, stride: [3]int{2, 1, 2}, dilation: [3]int{1, 2, 1}, begin: [3]int{1, 0, 1}, end: [3]int{0, 1, 2}, filters: 6, groups: 2},
		{op: "Conv", in: [4]int{2, 4, 3, 3}, kernel: [3]int{2, 1, 1}, stride: one, dilation: [3]int{3, 1, 1}, filters: 3, groups: 1},
		{op: "ConvTranspose", in: [4]int{4, 3, 4, 4}, kernel: [3]int{3, 2, 3}, stride: [3]int{2, 1, 2}, dilation: [3]int{2, 1, 1}, begin: [3]int{1, 0, 1}, end: [3]int{2, 1, 0}, more: [3]int{1, 0, 1}, filters: 6, groups: 2},
		{op: "MaxPool", in: [4]int{2, 5, 6, 4}, kernel: [3]int{3, 2, 2}, stride: [3]int{2, 2, 1}, dilation: one, begin: [3]int{1, 0, 1}, end: [3]int{1, 0, 0}, filters: 2, groups: 2},
	} {
		t.Run(fmt.Sprint(c.op, c.kernel), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			x, w, b := c.tensors(r)
			g := c.network(t, w, b)
			got, err := network.Execute(g, map[string]*tensor.Tensor{"x": x}, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := c.loops(x, w, b, got["y"].Shape())
			if !slices.Equal(got["y"].Data.([]float32), want) {
				t.Errorf("%v: %v\nwant %v", got["y"], got["y"].Data, want)
			}
		})
	}
}

func whole(r *rand.Rand, shape ...int) *tensor.Tensor {
	t, _ := tensor.New(tensor.Float32, shape...)
	for i := range t.Data.([]float32) {
		t.Data.([]float32)[i] = float32(r.IntN(9) - 4)
	}
	return t
}

func (c volumeCase) tensors(r *rand.Rand) (x, w, b *tensor.Tensor) {
	x = whole(r, append([]int{2}, c.in[:]...)...)
	shape := append([]int{c.filters, c.in[0] / c.groups}, c.kernel[:]...)
	if c.op == "ConvTranspose" {
		shape[0], shape[1] = c.in[0], c.filters/c.groups
	}
	return x, whole(r, shape...), whole(r, c.filters)
}

// network reads the operator as a model.
func (c volumeCase) network(t *testing.T, w, b *tensor.Tensor) *network.Graph {
	t.Helper()
	ints := func(name string, v ...int) part {
		var wide []int64
		for _, n := range v {
			wide = append(wide, int64(n))
		}
		return attrInts(name, wide...)
	}
	attributes := []part{ints("kernel_shape", c.kernel[:]...), ints("strides", c.stride[:]...), ints("dilations", c.dilation[:]...),
		ints("pads", append(c.begin[:], c.end[:]...)...)}
	names := "x w b"
	switch c.op {
	case "MaxPool":
		names = "x"
	case "ConvTranspose":
		attributes = append(attributes, ints("output_padding", c.more[:]...))
		fallthrough
	default:
		attributes = append(attributes, attrInt("group", int64(c.groups)))
	}
	m := model(18, node(c.op, names, "y", attributes...), floats("w", w), floats("b", b),
		graphInput("x", 2, c.in[0], c.in[1], c.in[2], c.in[3]), graphOutput("y"))
	p, err := onnx.Parse([]byte(m))
	if err != nil {
		t.Fatal(err)
	}
	g, err := p.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func floats(name string, t *tensor.Tensor) part {
	var dims []int64
	for _, d := range t.Shape() {
		dims = append(dims, int64(d))
	}
	var all []part
	for _, v := range t.Data.([]float32) {
		all = append(all, real32(4, v))
	}
	return initializer(name, onnx.Float, dims, all...)
}

// loops computes the operator tap by tap.
func (c volumeCase) loops(x, w, b *tensor.Tensor, shape []int) []float32 {
	y := make([]float32, 0, 64)
	at := func(n, ch int, p [3]int) (float32, bool) {
		for a := range 3 {
			if p[a] < 0 || p[a] >= c.in[a+1] {
				return 0, false
			}
		}
		return x.Data.([]float32)[(((n*c.in[0]+ch)*c.in[1]+p[0])*c.in[2]+p[1])*c.in[3]+p[2]], true
	}
	for i := range shape[0] * shape[1] * shape[2] * shape[3] * shape[4] {
		o := [3]int{i / shape[4] / shape[3] % shape[2], i / shape[4] % shape[3], i % shape[4]}
		f := i / shape[4] / shape[3] / shape[2] % shape[1]
		y = append(y, c.one(at, w.Data.([]float32), b.Data.([]float32), i/shape[4]/shape[3]/shape[2]/shape[1], f, o))
	}
	return y
}

// one is one element: of frame n, filter f, at o.
func (c volumeCase) one(at func(n, ch int, p [3]int) (float32, bool), w, b []float32, n, f int, o [3]int) float32 {
	sum, most := b[f], float32(math.Inf(-1))
	inGroup, outGroup := c.in[0]/c.groups, c.filters/c.groups
	taps := c.kernel[0] * c.kernel[1] * c.kernel[2]
	for tap := range taps {
		k := [3]int{tap / c.kernel[2] / c.kernel[1], tap / c.kernel[2] % c.kernel[1], tap % c.kernel[2]}
		var p [3]int
		ok := true
		for a := range 3 {
			if p[a] = o[a]*c.stride[a] + k[a]*c.dilation[a] - c.begin[a]; c.op == "ConvTranspose" {
				d := o[a] + c.begin[a] - k[a]*c.dilation[a]
				ok = ok && d%c.stride[a] == 0
				p[a] = d / c.stride[a]
				if d < 0 {
					ok = false
				}
			}
		}
		for ch := range inGroup {
			channel := f/outGroup*inGroup + ch
			v, inside := at(n, channel, p)
			switch {
			case !ok || !inside:
			case c.op == "MaxPool":
				most = max(most, v)
			case c.op == "Conv":
				sum += v * w[(f*inGroup+ch)*taps+tap]
			default:
				sum += v * w[(channel*outGroup+f%outGroup)*taps+tap]
			}
		}
	}
	if c.op == "MaxPool" {
		return most
	}
	return sum
}
