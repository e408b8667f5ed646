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
	net   *sim.Network
	name  string
	files []string
	names []string // of its lines: the whole, then its layers
}

// loadModel reads the model of a run and plans it; nil without a hardware.
func loadModel(hw *configs.Hardware, r runFile) (*modelExpectation, error) {
	m, err := modelfile.Load(r.Model.Resolved, uint64(r.Seed), nil)
	if err != nil || hw == nil {
		return nil, err
	}
	n, err := sim.NewNetwork(hw, m.Graph)
	if err != nil {
		return nil, err
	}
	e := &modelExpectation{net: n, name: m.Graph.Name, files: m.Files, names: []string{wholeNetwork}}
	seen := map[string]bool{}
	for _, node := range n.Plan.Nodes {
		if !seen[node.Layer] {
			seen[node.Layer] = true
			e.names = append(e.names, node.Layer)
		}
	}
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
				once.Do(func() { lines, failure = r.model.measure(ctx, r.file, p.options.EveryBeat) })
				if failure != nil {
					return fail(failure)
				}
				r.measured[i] = lines[i]
				return r.judge(lines[i], p.options.Update)
			}})
	}
}

// measure runs the model and returns what would be recorded.
func (m *modelExpectation) measure(ctx context.Context, r runFile, everyBeat bool) ([]*layerFile, error) {
	o := sim.Options{Frames: r.Frames, NoValues: !r.Values, EveryBeat: everyBeat, Seed: uint64(r.Seed)}
	var inputs map[string]*tensor.Tensor
	if r.Values {
		var err error
		if inputs, err = modelfile.Inputs(m.net.Graph, o.Seed); err != nil {
			return nil, err
		}
	}
	out, err := m.net.Run(ctx, inputs, o)
	if err != nil {
		return nil, err
	}
	if out.Wrong != nil {
		return nil, out.Wrong
	}
	report := m.net.Report(out, o)
	whole := &layerFile{Name: wholeNetwork, Cycles: &report.Cycles, FirstOutputCycle: &report.FirstOutputCycle,
		SteadyInterval: report.SteadyInterval, Resources: resourcesOf(report.Cost), Verified: report.Verified,
		OutputSHA256: outputsSHA(m.net.Graph, out.Outputs)}
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

// stagesOf are the stages of a layer.
func stagesOf(all []sim.StageUse, layer string) stages {
	var own stages
	for _, s := range all {
		cut := strings.LastIndex(s.Name, ".")
		if cut >= 0 && s.Name[:cut] == layer {
			name := s.Name[cut+1:]
			for i := 2; slices.ContainsFunc(own, func(o stage) bool { return o.name == name }); i++ {
				name = fmt.Sprintf("%s.%d", s.Name[cut+1:], i)
			}
			own = append(own, stage{name, counts{s.Busy, s.Starved, s.Blocked, s.Other}})
		}
	}
	return own
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
