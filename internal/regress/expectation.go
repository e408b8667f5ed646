package regress

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/sim"
)

// expectation is an expectation file with what it is about, and what running it
// has found.
type expectation struct {
	path     string
	text     []byte // as it is to be read; what the file holds unless it is being made
	inFile   bool   // text is what the file holds
	hardware *configs.Hardware
	runs     []*workloadRun
	read     []string // files that it names
}

// workloadRun is one workload of a file.
type workloadRun struct {
	file     runFile
	workload *configs.Workload
	model    *modelExpectation // in place of the workload
	measured []*layerFile      // by line; nil where it has not run well
}

// names are the names of the lines: layers of the workload, or of the model.
func (r *workloadRun) names() []string {
	if r.model != nil {
		return r.model.names
	}
	var names []string
	for _, l := range r.workload.Layers {
		names = append(names, l.Name)
	}
	return names
}

// title is what the run is about, as its file is written and as it is called.
func (r *workloadRun) title() (written, name string) {
	if r.model != nil {
		return r.file.Model.Written, r.model.name
	}
	return r.file.Workload.Written, r.workload.Name
}

// expectation adds an expectation file.
func (f *finder) expectation(path string) {
	if !f.first(path) {
		return
	}
	text, err := strictyaml.ReadFile(path)
	if err != nil {
		f.wrong(err)
		return
	}
	f.add(&expectation{path: path, text: text, inFile: true})
}

// add reads the text of an expectation file and what it names, and adds a case
// per layer.
func (f *finder) add(e *expectation) {
	err := e.parse()
	f.plan.read = append(f.plan.read, e.read...)
	if err != nil {
		f.mistakes = append(f.mistakes, err...)
		return
	}
	f.plan.files = append(f.plan.files, e)
	for _, r := range e.runs {
		names := r.names()
		r.measured = make([]*layerFile, len(names))
		if r.model != nil {
			f.plan.addModel(e, r)
		} else {
			for i, layer := range r.workload.Layers {
				f.plan.addExpectation(e, r, i, layer)
			}
		}
		for _, want := range r.file.Layers {
			if !slices.Contains(names, want.Name) && !f.plan.options.Update {
				written, _ := r.title()
				gone := fail(fmt.Errorf("%s has no such layer; --update removes it", written))
				f.plan.cases = append(f.plan.cases, &job{source: e.path, id: e.id(r, want.Name), kind: Expectation,
					run: func(context.Context) outcome { return gone }})
			}
		}
	}
}

// parse decodes the text and loads hardware and workloads. A file that cannot
// be loaded is a mistake at the place that names it.
func (e *expectation) parse() Mistakes {
	var file expectationFile
	positions, err := strictyaml.Decode(e.path, e.text, &file)
	if err != nil {
		return Mistakes{filekind.Explain(err, e.path, e.text, filekind.Expectation)}
	}
	var mistakes Mistakes
	named := func(key string, p configs.Path, err error) {
		var inFile *strictyaml.Errors
		switch {
		case errors.As(err, &inFile):
			mistakes = append(mistakes, err)
		case err != nil:
			positions.Add(key, fmt.Sprintf("%s (%v)", p.Written, paths.Reason(err)), "a file that can be read")
		}
	}
	e.read = append(e.read, file.Hardware.Resolved)
	e.hardware, err = configs.LoadHardware(file.Hardware.Resolved)
	named("hardware", file.Hardware, err)
	for i := range file.Runs {
		r := &workloadRun{file: file.Runs[i]}
		key := fmt.Sprintf("runs[%d].", i)
		switch given := r.file; {
		case (given.Model == configs.Path{}) == (given.Workload == configs.Path{}):
			positions.AddMessage(key+"workload", key+"workload and model; allowed: one of the two")
		case given.Workload != configs.Path{}:
			e.read = append(e.read, given.Workload.Resolved)
			r.workload, err = configs.LoadWorkload(given.Workload.Resolved)
			named(key+"workload", given.Workload, err)
			if r.workload != nil {
				e.read = append(e.read, r.workload.Files()...)
			}
		default:
			e.read = append(e.read, given.Model.Resolved)
			if r.model, err = loadModel(e.hardware, given); err == nil {
				e.read = append(e.read, r.model.files...)
			} else if e.hardware != nil {
				mistakes = append(mistakes, fmt.Errorf("%s: %w", e.path, err))
			}
		}
		e.runs = append(e.runs, r)
		checkNames(positions, i, r.file.Layers)
	}
	if err := positions.Err(); err != nil {
		mistakes = append(mistakes, err)
	}
	return mistakes
}

// checkNames refuses two lines for one layer.
func checkNames(positions *strictyaml.Positions, run int, layers []layerFile) {
	first := map[string]int{}
	for i, l := range layers {
		if twin, twice := first[l.Name]; twice {
			positions.Add(fmt.Sprintf("runs[%d].layers[%d].name", run, i), l.Name, fmt.Sprintf("a name of its own; layers[%d] has it", twin))
		}
		first[l.Name] = i
	}
}

// id names a case: the file, and the layer by its path in the workload.
func (e *expectation) id(r *workloadRun, layer string) string {
	if _, name := r.title(); len(r.names()) > 1 {
		layer = name + "/" + layer
	}
	return e.path + " " + layer
}

func (p *Plan) addExpectation(e *expectation, r *workloadRun, i int, layer *configs.Layer) {
	p.cases = append(p.cases, &job{source: e.path, id: e.id(r, layer.Name), kind: Expectation,
		run: func(ctx context.Context) outcome {
			got, wrong, err := p.measure(ctx, e.hardware, layer, r.file)
			if err != nil {
				return fail(err)
			}
			if wrong != nil && !r.mayBeWrong(layer.Name) {
				return fail(fmt.Errorf("%w; verified: false in its line expects this", wrong))
			}
			r.measured[i] = got
			return r.judge(got, p.options.Update)
		}})
}

// measure runs a layer and returns what would be recorded, and why its output is
// not accepted, nil if it is. A fault of the simulator is an error.
func (p *Plan) measure(ctx context.Context, hw *configs.Hardware, layer *configs.Layer, r runFile) (got *layerFile, wrong, err error) {
	o := sim.Options{Frames: r.Frames, NoValues: !r.Values, EveryBeat: p.options.EveryBeat, Seed: uint64(r.Seed)}
	if o.NoValues {
		report, err := p.timings.run(ctx, hw, layer, o)
		if err != nil {
			return nil, nil, err
		}
		return record(layer.Name, report, r.Stages), nil, nil
	}
	out, err := sim.Run(ctx, hw, layer, o)
	if err != nil {
		return nil, nil, err
	}
	defer out.Release()
	if out.Report.Verdict == sim.Different {
		return nil, nil, out.Failure()
	}
	return record(layer.Name, out.Report, r.Stages), out.Failure(), nil
}

// mayBeWrong reports whether the layer's line says verified: false. Nobody but
// its author writes that: it is never recorded of itself.
func (r *workloadRun) mayBeWrong(layer string) bool {
	i := slices.IndexFunc(r.file.Layers, func(l layerFile) bool { return l.Name == layer })
	return i >= 0 && r.file.Layers[i].Verified != nil && !*r.file.Layers[i].Verified
}

// recorded is the reason of a pass that changes the expectation.
const recorded = "recorded"

// judge compares what was measured with the file's line for the layer.
func (r *workloadRun) judge(got *layerFile, update bool) outcome {
	i := slices.IndexFunc(r.file.Layers, func(l layerFile) bool { return l.Name == got.Name })
	switch {
	case i < 0 && update:
		return outcome{reason: recorded}
	case i < 0:
		return fail(errors.New("no expectation for this layer; --update records one"))
	}
	want := &r.file.Layers[i]
	diffs := want.compare(got)
	if !update {
		return differs(diffs)
	}
	if want.equal(got) {
		return outcome{}
	}
	return outcome{reason: recorded, diffs: diffs}
}

// node returns the entry of a mapping, nil if it is not there.
func node(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
