package configs

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// Network returns the text of a network file with the layers of the workload, and the
// files of weights and biases to be copied beside it, by the paths that the text has. A
// layer reads the one before it where that makes what it takes, else an input of its
// own; what no layer reads is an output.
func (w *Workload) Network(folder string) (text []byte, files map[string]Path, err error) {
	c := workloadNetwork{folder: folder, files: map[string]Path{}, inputs: list(), layers: list()}
	for _, l := range w.Layers {
		if err := c.add(l); err != nil {
			return nil, nil, err
		}
	}
	root := mapping("name", str(w.Name), "inputs", c.inputs, "outputs", names(append(c.outputs, c.last)), "layers", c.layers)
	text, err = yaml.Marshal(root)
	return text, c.files, err
}

// workloadNetwork is a network that is being made of a workload.
type workloadNetwork struct {
	folder         string
	files          map[string]Path
	inputs, layers *yaml.Node
	outputs        []string
	last           string // the layer before
	makes          string // what it makes
}

func (c *workloadNetwork) add(l *Layer) error {
	s, err := l.Shape()
	if err != nil {
		return err
	}
	from := c.last
	if takes := fmt.Sprint(l.DType.Input, s.InputShape()); takes != c.makes {
		from = l.Name + ".input"
		in := mapping("name", str(from), "dtype", str(l.DType.Input.String()), "shape", numbers(s.InputShape()))
		c.inputs.Content = append(c.inputs.Content, inLine(in))
		if c.last != "" {
			c.outputs = append(c.outputs, c.last)
		}
	}
	c.layers.Content = append(c.layers.Content, c.layer(l, from))
	c.last, c.makes = l.Name, fmt.Sprint(l.DType.Output, s.OutputShape())
	return nil
}

// layer is a layer with the keys that are not what one left out stands for.
func (c *workloadNetwork) layer(l *Layer, from string) *yaml.Node {
	a, one := l.Conv, conv.Pair{H: 1, W: 1}
	m := mapping("name", str(l.Name), "op", str("conv2d"), "inputs", str(from), "in_channels", scalar(a.InChannels),
		"out_channels", scalar(a.OutChannels), "kernel_size", pairNode(a.Kernel))
	for _, k := range []struct {
		key   string
		given bool
		value *yaml.Node
	}{
		{"stride", a.Stride != one, pairNode(a.Stride)},
		{"padding", a.Padding != conv.Padding{}, paddingNode(a.Padding)},
		{"dilation", a.Dilation != one, pairNode(a.Dilation)},
		{"groups", a.Groups != 1, scalar(a.Groups)},
		{"bias", !a.Bias, scalar(false)},
		{"padding_mode", a.PaddingMode != conv.Zeros, str(a.PaddingMode.String())},
		{"weight_dtype", l.DType.Weight != tensor.Int8 && !l.DType.Weight.IsFloat(), str(l.DType.Weight.String())},
		{"zero_point", l.ZeroPoint.Input != 0 || slices.ContainsFunc(l.ZeroPoint.Weight, func(z int64) bool { return z != 0 }), zeroNode(l.ZeroPoint)},
		{"requantize", l.Requantize != nil, requantizeNode(l.Requantize)},
	} {
		if k.given {
			put(m, k.key, k.value)
		}
	}
	if t := c.tensors(l); len(t.Content) > 0 {
		put(m, "tensors", t)
	}
	return m
}

// tensors names copies of the files of weights and bias.
func (c *workloadNetwork) tensors(l *Layer) *yaml.Node {
	m := inLine(mapping())
	for _, t := range []struct {
		what string
		file Path
	}{{"weight", l.Tensors.Weight}, {"bias", l.Tensors.Bias}} {
		if t.file == (Path{}) {
			continue
		}
		name := fmt.Sprintf("%d.%s", len(c.layers.Content), t.what)
		path := tensorFiles(c.folder, []string{name})[name]
		c.files[path] = t.file
		put(m, t.what, str(path))
	}
	return m
}

func zeroNode(z ZeroPoints) *yaml.Node {
	return inLine(mapping("input", scalar(z.Input), "weight", numbers(z.Weight)))
}

func requantizeNode(r *Requantize) *yaml.Node {
	if r == nil {
		return nil
	}
	var w netWriter
	m := inLine(mapping("rule", str(string(r.Rule))))
	if r.Rule == Shift {
		put(m, "shift", numbers(r.Shift))
	} else {
		scales := inLine(list())
		for _, s := range r.WeightScale {
			scales.Content = append(scales.Content, w.number(float64(s), true))
		}
		put(m, "input_scale", w.number(float64(r.InputScale), true))
		put(m, "weight_scale", scales)
		put(m, "output_scale", w.number(float64(r.OutputScale), true))
	}
	put(m, "output_zero_point", scalar(r.OutputZeroPoint))
	put(m, "dtype", str(r.DType.String()))
	return m
}

func numbers[T int | int64](v []T) *yaml.Node {
	n := list()
	for _, x := range v {
		n.Content = append(n.Content, scalar(x))
	}
	return inLine(n)
}
