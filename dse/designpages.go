package dse

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wholefile"
	"github.com/convsim/convsim/report"
	"github.com/convsim/convsim/report/runpage"
	"github.com/convsim/convsim/report/runs"
	"github.com/convsim/convsim/sim"
)

// designs is the folder of the pages of designs, within that of the results.
const designs = "designs"

// draw returns what writes the pages of a design: one for each layer. Once ctx ends
// there are no more pages; the tables do not need them.
func (r *run) draw(ctx context.Context) func(index int64, hardware []byte) ([]report.Link, error) {
	return func(index int64, hardware []byte) ([]report.Link, error) {
		hw, err := configs.ParseHardware(fmt.Sprintf("design %d", index), hardware)
		if err != nil {
			return nil, err
		}
		if err := os.MkdirAll(filepath.Join(r.options.Out, designs), 0o777); err != nil {
			return nil, err
		}
		var links []report.Link
		for i, layer := range distinctLayers(r.sweep.layers, r.sweep.Definition.Layers) {
			name := fmt.Sprintf("%d.html", index)
			if len(r.sweep.layers) > 1 {
				name = fmt.Sprintf("%d-layer-%d.html", index, i+1)
			}
			err := r.drawLayer(ctx, hw, layer.layer, filepath.Join(r.options.Out, designs, name))
			if ctx.Err() != nil {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			links = append(links, report.Link{Name: layer.layer.Name, Path: designs + "/" + name})
		}
		return links, nil
	}
}

// drawLayer runs a layer on a design and writes the page of the run.
func (r *run) drawLayer(ctx context.Context, hw *configs.Hardware, layer *configs.Layer, path string) error {
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		return err
	}
	o := sim.Options{NoValues: true, Frames: int(r.sweep.Definition.Frames), Histories: runs.Histories(d.Plan)}
	out, err := sim.Run(ctx, hw, layer, o)
	if err != nil {
		return err
	}
	page, err := runs.OfLayer(ctx, hw, layer, out, false)
	if err != nil {
		return err
	}
	page.Version = "model " + sim.ModelVersion
	return wholefile.Write(path, func(w io.Writer) error { return runpage.Write(w, page) })
}
