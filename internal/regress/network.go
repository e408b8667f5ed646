package regress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// wholeNetwork is the name of the line of all of a model; no layer's name has a space.
const wholeNetwork = "whole network"

// modelExpectation is a model of an expectation file on its hardware.
type modelExpectation struct {
	planned
	name  string
	files []string
	names []string // of its lines: the whole, then its layers
}

// planned is a model as its hardware runs it.
type planned interface {
	layers() []string // in the order of their lines
	graph() *network.Graph
	// measure runs it and returns what would be recorded: a line of the whole, then
	// those of the layers.
	measure(ctx context.Context, inputs map[string]*tensor.Tensor, r runFile, o sim.Options) ([]*layerFile, error)
}

// loadModel reads the model of a run and plans it; nil without a hardware.
func loadModel(hw *configs.Hardware, r runFile) (*modelExpectation, error) {
	m, err := modelfile.Load(r.Model.Resolved, uint64(r.Seed), nil)
	if err != nil || hw == nil {
		return nil, err
	}
	e := &modelExpectation{name: m.Graph.Name, files: m.Files}
	if hw.Mode == configs.Layerwise {
		e.planned, err = planLayerwise(hw, m.Graph)
	} else {
		e.planned, err = planPipeline(hw, m.Graph)
	}
	if err != nil {
		return nil, err
	}
	e.names = append([]string{wholeNetwork}, e.layers()...)
	return e, nil
}

// addModel adds a case for every line of a model, which runs once.
func (p *Plan) addModel(e *expectation, r *workloadRun) {
	var once sync.Once
	var lines []*layerFile
	var failure error
	for i, name := range r.model.names {
		p.cases = append(p.cases, &job{source: e.path, id: e.id(r, name), kind: Expectation,
			run: func(ctx context.Context) outcome {
				once.Do(func() { lines, failure = r.model.run(ctx, r.file, p.options.EveryBeat) })
				if failure != nil {
					return fail(failure)
				}
				r.measured[i] = lines[i]
				return r.judge(lines[i], p.options.Update)
			}})
	}
}

// run runs the model and returns what would be recorded.
func (m *modelExpectation) run(ctx context.Context, r runFile, everyBeat bool) ([]*layerFile, error) {
	o := sim.Options{Frames: r.Frames, NoValues: !r.Values, EveryBeat: everyBeat, Seed: uint64(r.Seed)}
	var inputs map[string]*tensor.Tensor
	if r.Values {
		var err error
		if inputs, err = modelfile.Inputs(m.graph(), o.Seed); err != nil {
			return nil, err
		}
	}
	return m.measure(ctx, inputs, r, o)
}

// onePipeline is a model as one pipeline of all its layers.
type onePipeline struct{ *sim.Network }

func planPipeline(hw *configs.Hardware, g *network.Graph) (planned, error) {
	n, err := sim.NewNetwork(hw, g)
	return onePipeline{n}, err
}

func (p onePipeline) graph() *network.Graph { return p.Graph }

func (p onePipeline) layers() []string {
	var names []string
	for _, node := range p.Plan.Nodes {
		if !slices.Contains(names, node.Layer) {
			names = append(names, node.Layer)
		}
	}
	return names
}

func (p onePipeline) measure(ctx context.Context, inputs map[string]*tensor.Tensor, r runFile, o sim.Options) ([]*layerFile, error) {
	out, err := p.Run(ctx, inputs, o)
	if err != nil {
		return nil, err
	}
	if out.Wrong != nil {
		return nil, out.Wrong
	}
	report := p.Report(out, o)
	whole := &layerFile{Name: wholeNetwork, Cycles: &report.Cycles, FirstOutputCycle: &report.FirstOutputCycle,
		SteadyInterval: report.SteadyInterval, Resources: resourcesOf(report.Cost), Verified: report.Verified,
		OutputSHA256: outputsSHA(p.Graph, out.Outputs)}
	lines := []*layerFile{whole}
	for _, l := range report.Layers {
		line := &layerFile{Name: l.Name, FirstOutputCycle: l.FirstOutputCycle, SteadyInterval: &l.Interval, Resources: resourcesOf(l.Cost)}
		if r.Stages {
			line.Stages = stagesOf(report.Stages, l.Name)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// stagesOf are the stages of a layer, by their names within it.
func stagesOf(all []sim.StageUse, layer string) stages {
	var own stages
	for _, s := range all {
		if cut := strings.LastIndex(s.Name, "."); cut >= 0 && s.Name[:cut] == layer {
			own = own.with(s.Name[cut+1:], s)
		}
	}
	return own
}

// with adds a stage; of several that are called the same, all but the first get a number.
func (s stages) with(called string, use sim.StageUse) stages {
	name := called
	for i := 2; slices.ContainsFunc(s, func(o stage) bool { return o.name == name }); i++ {
		name = fmt.Sprintf("%s.%d", called, i)
	}
	return append(s, stage{name, counts{use.Busy, use.Starved, use.Blocked, use.Other}})
}

// outputsSHA is the hash of all outputs, one behind the other; empty without values.
func outputsSHA(g *network.Graph, outputs map[string]*tensor.Tensor) string {
	if len(outputs) == 0 {
		return ""
	}
	h := sha256.New()
	for _, name := range g.Outputs {
		_, _ = h.Write(outputs[name].Bytes())
	}
	return hex.EncodeToString(h.Sum(nil))
}
