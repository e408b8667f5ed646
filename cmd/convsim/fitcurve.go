package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/report"
	"github.com/convsim/convsim/internal/resources"
)

// curvePoints are how many designs a curve has at most.
const curvePoints = 24

// writeCurve writes frames per second against resources: a page, or a table.
func (f *fitFlags) writeCurve(ctx context.Context, s streams, g *network.Graph, o fit.Options) error {
	points, err := fit.Curve(ctx, g, o, curvePoints)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return writeCurveTable(w, points) }
	if isPage(filepath.Ext(f.curve.path)) {
		write = func(w io.Writer) error { return report.Write(w, f.curvePage(points, o)) }
	}
	return f.curve.write(ctx, s, write)
}

// isPage tells a page from a table by what its file ends in.
func isPage(ext string) bool {
	return strings.EqualFold(ext, ".html") || strings.EqualFold(ext, ".htm")
}

func writeCurveTable(w io.Writer, points []fit.Point) error {
	var b strings.Builder
	b.WriteString("fps,interval,dsp,lut,ff,bram18,uram,fits\n")
	for _, p := range points {
		c := p.Cost
		fmt.Fprintf(&b, "%.2f,%g,%d,%d,%d,%d,%d,%t\n", p.FPS, p.Interval, c.DSP, c.LUT, c.FF, c.BRAM18, c.URAM, p.Fits)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// curvePage is the curve as the page of a sweep over the intervals that were asked for.
func (f *fitFlags) curvePage(points []fit.Point, o fit.Options) report.Data {
	d := report.Data{Title: o.Name, Version: version(),
		Subtitle: fmt.Sprintf("%s at %g MHz, FIFOs not sized yet, %d designs", o.BoardRef, o.ClockMHz, len(points)),
		Sweep:    fmt.Sprintf("# convsim fit --model %s --board %s --curve %s\n", filepath.Base(f.net.model), f.board, filepath.Base(f.curve.path)),
		Counts:   report.Counts{Total: len(points), OK: len(points)}}
	wanted := report.Column{Name: "interval_wanted", Kind: report.Number, Unit: "cycles"}
	fits := report.Column{Name: "fits", Kind: report.Bool}
	fps := report.Column{Name: "fps", Kind: report.Number, Goal: report.Maximize}
	interval := report.Column{Name: "interval", Kind: report.Number, Unit: "cycles"}
	var used []report.Column
	for _, r := range resources.Resources() {
		c := report.Column{Name: strings.ToLower(string(r)), Kind: report.Number}
		if r == resources.DSP {
			c.Goal = report.Minimize
		}
		used = append(used, c)
	}
	for i, p := range points {
		wanted.Numbers = append(wanted.Numbers, p.Wanted)
		fits.Bools = append(fits.Bools, p.Fits)
		fps.Numbers, interval.Numbers = append(fps.Numbers, p.FPS), append(interval.Numbers, p.Interval)
		for k, r := range resources.Resources() {
			used[k].Numbers = append(used[k].Numbers, float64(p.Cost.Of(r)))
		}
		d.Points = append(d.Points, report.Point{ID: int64(i), Front: onFront(points, i), YAML: string(p.Text)})
	}
	d.Parameters, d.Metrics = []report.Column{wanted}, append([]report.Column{fps, interval, fits}, used...)
	return d
}

// onFront reports whether no point that fits has more frames a second for no more DSP
// slices, or as many for fewer.
func onFront(points []fit.Point, at int) bool {
	p := points[at]
	for _, q := range points {
		if q.Fits && q.FPS >= p.FPS && q.Cost.DSP <= p.Cost.DSP && (q.FPS > p.FPS || q.Cost.DSP < p.Cost.DSP) {
			return false
		}
	}
	return p.Fits
}
