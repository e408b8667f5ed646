package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// modelFlags are the flags of `convsim run` that a model has.
type modelFlags struct {
	model   string
	shapes  inputShapes
	inputs  []string // files
	images  imageFlags
	dump    string
	float   bool
	files   []string // that a network file names
	machine machine  // loaded

	operation *operation // a layer that runs as a network, nil for a model
}

// load makes a network of the model for the given shapes and inputs. A quantised
// one is lowered to the integers that hardware computes, unless it is to stay as it
// is.
func (f *modelFlags) load() (*network.Graph, map[string]*tensor.Tensor, error) {
	g, given, err := f.read()
	if err == nil && g.Name == "" {
		g.Name = strings.TrimSuffix(filepath.Base(f.model), filepath.Ext(f.model))
	}
	return g, given, err
}

func (f *modelFlags) read() (*network.Graph, map[string]*tensor.Tensor, error) {
	if f.operation != nil {
		return f.loadOperation()
	}
	path, err := configs.Find("--model", f.model, configs.NetworkFiles)
	if err != nil {
		return nil, nil, err
	}
	f.model = path
	if isNetworkFile(f.model) {
		return f.loadFile()
	}
	m, err := readModel(f.model)
	if err != nil {
		return nil, nil, fmt.Errorf("--model %w", err)
	}
	defer m.Close()
	given, inputErr := readInputs(m, f.inputs, f.images)
	shapes, shapeErr := f.shapes.of(m)
	if err := errors.Join(inputErr, shapeErr); err != nil {
		return nil, nil, err
	}
	other := fillShapes(m, shapes, given)
	g, err := m.Frames(shapes)
	if err != nil {
		return nil, nil, fmt.Errorf("--model %s: %s%w", f.model, other, err)
	}
	if !f.float {
		g, err = network.Lower(g)
	}
	return g, given, err
}

// fillShapes gives inputs whose shapes are not asked for those of their tensors, and says
// which of them are not as the model has them: it may take them nevertheless.
func fillShapes(m *onnx.Model, shapes map[string][]int, given map[string]*tensor.Tensor) (other string) {
	for _, in := range m.Graph.Inputs {
		t := given[in.Name]
		if t == nil || shapes[in.Name] != nil || len(t.Shape()) != len(in.Dims) {
			continue
		}
		shapes[in.Name] = t.Shape()
		if !fits(t.Shape(), in.Dims) {
			other += fmt.Sprintf("--input of %q is %s, where the model has %v: ", in.Name, t, in.Dims)
		}
	}
	return other
}

// fits reports whether a shape, but for its batch, has all sizes that a model fixes.
func fits(shape []int, dims []onnx.Dim) bool {
	for i, d := range dims {
		if i > 0 && d.Value > 0 && d.Symbol == "" && int64(shape[i]) != d.Value {
			return false
		}
	}
	return true
}

// ran is a network that has run, in whatever mode.
type ran struct {
	graph            *network.Graph
	outputs, tensors map[string]*tensor.Tensor
	wrong            *sim.WrongNode
	classes          [][]sim.Class // the largest outputs of a classifier
	report           interface{ WriteText(io.Writer) error }
	page             func() (runpage.Run, error)
	cycles           int64
}

// runModel runs a network.
func (f *runFlags) runModel(ctx context.Context, s streams) error {
	f.options.EveryBeat = f.noFastForward
	run, err := slowly(ctx, s, "run", "reading files and planning", func() (func() (*ran, error), error) { return f.loadNetwork(ctx) })
	if err != nil {
		return err
	}
	ctx, stop := f.wave.ask(ctx, s, &f.options)
	defer stop(nil)
	bar := newBar(s.err, filepath.Base(f.net.model))
	bar.watch(&f.options)
	out, err := untilStopped(ctx, run)
	f.wave.settled()
	bar.clear()
	if err = f.drawn(ctx, s, f.net.machine, err); err != nil {
		return err
	}
	f.wave.late(s, out.cycles)
	if err := f.writePage(ctx, s, out.page); err != nil {
		return err
	}
	if err := f.writeModel(ctx, s, out); err != nil {
		return err
	}
	if out.wrong != nil {
		complain(s.err, out.wrong)
		return errFailed
	}
	return nil
}

// loadNetwork reads the files, maps the network onto the hardware, and returns what
// runs it.
func (f *runFlags) loadNetwork(ctx context.Context) (func() (*ran, error), error) {
	hw, hwErr := configs.LoadHardware(f.hw)
	if err := errors.Join(hwErr, f.checkModel(hw), f.loadBoard(&inputs{hw: hw}), f.order.Check()); err != nil {
		return nil, err
	}
	g, given, err := f.net.load()
	if err == nil {
		err = errors.Join(checkAll(f.net.files, f.writes()...), f.checkValues(g))
	}
	if err != nil {
		return nil, err
	}
	inputs, err := f.modelInputs(g, given)
	if err != nil {
		return nil, err
	}
	if hw.Mode == configs.Layerwise {
		if f.order != (sim.Order{}) {
			return nil, errors.New("--sort and --top are not for runs layer by layer; allowed: mode: streaming")
		}
		if f.dot.path != "" {
			return nil, fmt.Errorf("--dot %s: there is no graph of a run layer by layer; allowed: mode: streaming", f.dot.path)
		}
		l, err := sim.NewLayerwise(hw, g)
		if err != nil {
			return nil, err
		}
		return func() (*ran, error) { return f.layerwise(ctx, l, inputs) }, f.wave.checkEdges(l.Machines()...)
	}
	n, err := sim.UnsettledNetwork(hw, g)
	if err != nil {
		return nil, err
	}
	if err := f.wave.checkEdges(n.Plan); err != nil {
		return nil, err
	}
	f.net.machine = machine{plan: func() *pipeline.Plan { return n.Plan }, hardware: hw.Name, model: g.Name}
	return func() (*ran, error) { return f.streaming(ctx, n, inputs) }, nil
}

// streaming runs a network as one pipeline.
func (f *runFlags) streaming(ctx context.Context, n *sim.Network, inputs map[string]*tensor.Tensor) (*ran, error) {
	f.options.Histories = f.histories(n.Plan)
	out, err := n.Run(ctx, inputs, f.options)
	if err != nil {
		return nil, err
	}
	r := n.Report(out, f.options)
	whole := *r
	page := func() (runpage.Run, error) { return runs.OfNetwork(ctx, n, &whole, out.Time) }
	r.Show(f.order)
	if o := f.net.operation; o != nil {
		return o.sumUp(n, out, r, page)
	}
	return &ran{n.Graph, out.Outputs, out.Tensors, out.Wrong, r.Top, r, page, r.Cycles}, nil
}

// layerwise runs a network layer after layer.
func (f *runFlags) layerwise(ctx context.Context, l *sim.Layerwise, inputs map[string]*tensor.Tensor) (*ran, error) {
	if f.html.path != "" {
		f.options.Histories = runs.LayerwiseHistories(l)
	}
	out, err := l.Run(ctx, inputs, f.options)
	if err != nil {
		return nil, err
	}
	r := l.Report(out, f.options)
	page := func() (runpage.Run, error) { return runs.OfLayerwise(ctx, l, r, out) }
	return &ran{l.Graph, out.Outputs, out.Tensors, out.Wrong, r.Top, r, page, r.Cycles}, nil
}

// modelReads are the files of a run.
func (f *runFlags) modelReads(hw *configs.Hardware) []string {
	read := append([]string{f.hw, f.net.model, f.board}, slices.Concat(f.net.inputs, f.net.files)...)
	if hw != nil {
		read = append(read, hw.Files()...)
	}
	return read
}

// checkModel refuses flags that a model does not have, and outputs onto what is
// read.
func (f *runFlags) checkModel(hw *configs.Hardware) error {
	errs := []error{checkFrames(f.options.Frames, 0, theBatch), f.noVerify()}
	if f.net.operation != nil {
		errs = append(errs, useless(f.given, "a layer that is no conv2d", append(imageNames, "trace", "keep-float")...))
	} else {
		errs = append(errs, useless(f.given, "a model", "weight", "bias", "trace"))
		if !slices.ContainsFunc(f.net.inputs, isImage) {
			errs = append(errs, useless(f.given, "a run without images", imageNames...))
		}
	}
	if f.options.NoValues && (f.output.path != "" || len(f.net.inputs) > 0 || f.net.dump != "") {
		errs = append(errs, errors.New("--no-values computes no values: leave out --input, --output and --dump"))
	}
	errs = append(errs, f.wave.check(), checkAll(f.modelReads(hw), f.writes()...))
	return errors.Join(errs...)
}

// checkValues says early what keeps the values of a network from being written.
func (f *runFlags) checkValues(g *network.Graph) error {
	var errs []error
	if n := len(g.Outputs); n != 1 && f.output.path != "" {
		errs = append(errs, fmt.Errorf("--output %s: the model has %d outputs; allowed: --dump DIR", f.output.path, n))
	}
	if f.net.dump != "" {
		errs = append(errs, checkFolder("--dump", f.net.dump))
	}
	return errors.Join(errs...)
}

// modelInputs are the input tensors: those given, others made up from the seed.
func (f *runFlags) modelInputs(g *network.Graph, given map[string]*tensor.Tensor) (map[string]*tensor.Tensor, error) {
	inputs := map[string]*tensor.Tensor{}
	if f.options.NoValues {
		return inputs, nil
	}
	var errs []error
	for i, in := range g.Inputs {
		t := given[in.Name]
		if t == nil {
			var err error
			if t, err = modelfile.MadeUp(in.Type, f.options.Seed, uint64(i)); err != nil {
				errs = append(errs, fmt.Errorf("input %q: %w", in.Name, err))
			}
		} else if runs := runsIn(t, in.Type); runs > 0 {
			f.options.Frames = cmp.Or(f.options.Frames, runs)
		} else if t.DType() != in.Type.DType || !slices.Equal(t.Shape(), in.Type.Shape) {
			errs = append(errs, fmt.Errorf("--input of %q is %s; allowed: %s", in.Name, t, in.Type))
		}
		inputs[in.Name] = t
	}
	return inputs, errors.Join(errs...)
}

// runsIn is how many runs of a network whose nodes mix frames a tensor holds, 0 if it is
// not more than one.
func runsIn(t *tensor.Tensor, in network.Type) int {
	s := t.Shape()
	if t.DType() != in.DType || len(s) == 0 || len(s) != len(in.Shape) || !slices.Equal(s[1:], in.Shape[1:]) ||
		in.Shape[0] == 0 || s[0] <= in.Shape[0] || s[0]%in.Shape[0] != 0 {
		return 0
	}
	return s[0] / in.Shape[0]
}

// writeModel writes the files, then the report.
func (f *runFlags) writeModel(ctx context.Context, s streams, out *ran) error {
	if f.output.path != "" {
		y := out.outputs[out.graph.Outputs[0]]
		if err := f.output.write(ctx, s, func(w io.Writer) error { return tensor.EncodeNPY(w, y) }); err != nil {
			return err
		}
	}
	if f.net.dump != "" {
		if err := dump(f.net.dump, out.tensors, f.modelReads(nil)); err != nil {
			return err
		}
	}
	s = s.beside(f.writes()...)
	if f.json {
		return writeReport(s.out, out.report)
	}
	if err := out.report.WriteText(s.out); err != nil {
		return err
	}
	return writeClasses(s.out, out.classes)
}
