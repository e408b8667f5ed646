package regress

import (
	"context"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// layerByLayer is a model on one array for all its layers.
type layerByLayer struct{ *sim.Layerwise }

func planLayerwise(hw *configs.Hardware, g *network.Graph) (planned, error) {
	l, err := sim.NewLayerwise(hw, g)
	return layerByLayer{l}, err
}

func (l layerByLayer) graph() *network.Graph { return l.Graph }

func (l layerByLayer) layers() []string {
	var names []string
	for _, s := range l.Steps {
		names = append(names, s.Name())
	}
	return names
}

// measure has no resources, of which layer by layer there is no estimate, and no steady
// interval: frames do not overlap.
func (l layerByLayer) measure(ctx context.Context, inputs map[string]*tensor.Tensor, r runFile, o sim.Options) ([]*layerFile, error) {
	out, err := l.Run(ctx, inputs, o)
	if err != nil {
		return nil, err
	}
	if out.Wrong != nil {
		return nil, out.Wrong
	}
	report := l.Report(out, o)
	lines := []*layerFile{{Name: wholeNetwork, Cycles: &report.Cycles, FirstOutputCycle: &report.FirstOutputCycle,
		Verified: report.Verified, OutputSHA256: outputsSHA(l.Graph, out.Outputs),
		Port: &portFile{report.FirstLoad, computeOf(report), report.DRAM.Read, report.DRAM.Written, report.DRAM.Constants}}}
	for i, use := range report.Layers {
		line := &layerFile{Name: use.Name, Cycles: &use.Cycles,
			Port: &portFile{use.Load, use.Compute, use.Read, use.Written, use.Constants}}
		if r.Stages {
			for _, s := range sim.StageUses(out.Steps[i].Time) {
				line.Stages = line.Stages.with(strings.TrimPrefix(s.Name, use.Name+"."), s)
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// computeOf is what all layers would take with a port that is never busy.
func computeOf(r *sim.LayerwiseReport) int64 {
	cycles := int64(0)
	for _, use := range r.Layers {
		cycles += use.Compute
	}
	return cycles
}
