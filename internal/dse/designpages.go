package dse

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/report"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/internal/wholefile"
	"github.com/convsim/convsim/sim"
)

// pages are those that the options ask for.
func (r *run) pages(ctx context.Context) results.Pages {
	o := r.options
	return results.Pages{Most: o.Pages, All: o.AllPages, Of: o.PagesOf, Jobs: o.Jobs, Draw: r.draw(ctx), Progress: o.Drawing,
		Key: r.sweep.Definition.Identity() + " " + runpage.Fingerprint()}
}

// draw returns what writes the pages of a design: one for each layer. Once ctx ends
// there are no more pages; the tables do not need them.
func (r *run) draw(ctx context.Context) func(index int64, hardware []byte) ([]report.Link, error) {
	return func(index int64, hardware []byte) ([]report.Link, error) {
		if ctx.Err() != nil {
			return nil, nil
		}
		hw, err := configs.ParseHardware(fmt.Sprintf("design %d", index), hardware)
		if err != nil {
			return nil, err
		}
		if err := os.MkdirAll(filepath.Join(r.options.Out, results.Designs), 0o777); err != nil {
			return nil, err
		}
		var links []report.Link
		for i, use := range r.sweep.uses() {
			name := fmt.Sprintf("%d.html", index)
			if len(r.sweep.layers) > 1 {
				name = fmt.Sprintf("%d-layer-%d.html", index, i+1)
			}
			err := r.drawUse(ctx, hw, use, filepath.Join(r.options.Out, results.Designs, name))
			if ctx.Err() != nil {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			links = append(links, report.Link{Name: use.name, Path: results.Designs + "/" + name})
		}
		return links, nil
	}
}

// drawUse runs a layer or a network on a design and writes the page of the run.
func (r *run) drawUse(ctx context.Context, hw *configs.Hardware, use layerUse, path string) error {
	o := sim.Options{NoValues: true, Frames: int(r.sweep.Definition.Frames)}
	draw := drawLayer
	if use.graph != nil {
		draw = drawNetwork
	}
	page, err := draw(ctx, hw, use, o)
	if err != nil {
		return err
	}
	page.Version = "model " + sim.ModelVersion
	return wholefile.Write(path, func(w io.Writer) error { return runpage.Write(w, page) })
}

func drawLayer(ctx context.Context, hw *configs.Hardware, use layerUse, o sim.Options) (runpage.Run, error) {
	d, err := sim.NewDesign(hw, use.layer)
	if err != nil {
		return runpage.Run{}, err
	}
	o.Histories = runs.Histories(d.Plan)
	out, err := sim.Run(ctx, hw, use.layer, o)
	if err != nil {
		return runpage.Run{}, err
	}
	return runs.OfLayer(ctx, hw, use.layer, out, false)
}

func drawNetwork(ctx context.Context, hw *configs.Hardware, use layerUse, o sim.Options) (runpage.Run, error) {
	n, err := sim.NewNetwork(hw, use.graph)
	if err != nil {
		return runpage.Run{}, err
	}
	o.Histories = runs.Histories(n.Plan)
	out, err := n.Run(ctx, nil, o)
	if err != nil {
		return runpage.Run{}, err
	}
	return runs.OfNetwork(ctx, n, n.Report(out, o), out.Time)
}
