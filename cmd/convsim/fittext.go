package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pe"
)

// fitReport is what `convsim fit` found.
type fitReport struct {
	Name        string            `json:"hardware"`
	ClockMHz    float64           `json:"clock_mhz"`
	Wanted      float64           `json:"interval_wanted,omitempty"`
	Interval    *float64          `json:"interval"` // null: nothing fits
	FPS         float64           `json:"fps"`
	Proven      bool              `json:"proven"`
	Limiting    []limitingLayer   `json:"limiting"` // slowest first
	Cost        resources.Amount  `json:"resources"`
	Limits      *resources.Amount `json:"available"` // null: there is no board
	Multipliers int               `json:"multipliers"`
	Most        int               `json:"multipliers_allowed,omitempty"`
	Exceeded    []fit.Over        `json:"exceeded,omitempty"` // by the design that is as fast as wanted
	Gaps        []string          `json:"left_out,omitempty"`
	OnChip      []fit.Over        `json:"exceeded_on_chip,omitempty"`  // by the least design with all weights on the chip
	Least       []fit.Over        `json:"exceeded_by_least,omitempty"` // by the least design whose weights may come by the DRAM
	Loaded      []string          `json:"weights_from_dram,omitempty"` // layers
}

// limitingLayer is a layer and the interval of its slowest stage.
type limitingLayer struct {
	Layer    string  `json:"layer"`
	Stage    string  `json:"stage"`
	Interval float64 `json:"interval"`
}

func newFitReport(o fit.Options, found *fit.Result) *fitReport {
	r := &fitReport{Name: o.Name, ClockMHz: o.ClockMHz, Wanted: o.Interval, Most: o.Multipliers}
	if o.BoardRef != "" {
		r.Limits = &o.Limits
	}
	r.Exceeded, r.OnChip, r.Least = o.Exceeded(found.Wanted), o.Exceeded(found.OnChip), o.Exceeded(found.Smallest)
	d := found.Design
	if d == nil {
		return r
	}
	r.Loaded, r.Multipliers = d.Loaded, d.Multipliers
	r.Interval, r.FPS, r.Proven, r.Cost, r.Limiting = &d.Interval, d.FPS(), d.Proven, d.Cost, limiting(d)
	for _, g := range d.Gaps {
		if !slices.Contains(r.Gaps, g.Why) {
			r.Gaps = append(r.Gaps, g.Why)
		}
	}
	return r
}

// limiting are the layers by the interval of their slowest stage; of equals, those first
// whose slowest stage is no array, which other folds would make faster.
func limiting(d *fit.Design) []limitingLayer {
	var list []limitingLayer
	arrays := map[string]bool{}
	for _, s := range d.Stages {
		n := d.Unsized.Nodes[s.Nodes[0]]
		i := slices.IndexFunc(list, func(l limitingLayer) bool { return l.Layer == n.Layer })
		if i < 0 {
			list = append(list, limitingLayer{Layer: n.Layer})
			i = len(list) - 1
		}
		if s.Interval > list[i].Interval {
			list[i].Stage, list[i].Interval = n.Block.Kind(), s.Interval
			_, arrays[n.Layer] = n.Block.(pe.Array)
		}
	}
	other := func(l limitingLayer) int { return map[bool]int{true: 1}[arrays[l.Layer]] }
	slices.SortStableFunc(list, func(a, b limitingLayer) int {
		return cmp.Or(cmp.Compare(b.Interval, a.Interval), cmp.Compare(other(a), other(b)))
	})
	return list
}

// writeText writes the result for people.
func (r *fitReport) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %g MHz\n\n", textwrap.Clip(r.Name, 60), r.ClockMHz)
	if r.Wanted > 0 {
		fmt.Fprintf(&b, "  wanted       a frame every %s cycles or less\n", cycles(&r.Wanted, ""))
	}
	writeOver(&b, "that", r.Exceeded)
	writeOver(&b, "all weights on the chip: the smallest design", r.OnChip)
	writeOver(&b, "weights by the DRAM: the smallest design", r.Least)
	if r.Interval == nil {
		b.WriteString("  found        nothing that fits as one pipeline; mode: layerwise has one array\n" +
			"               for all layers, one after the other\n")
	} else {
		r.writeDesign(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeUse shows what is used, of what there is.
func (r *fitReport) writeUse(b *strings.Builder) {
	fmt.Fprintf(b, "\n  %-11s %10s %10s %8s\n", "", "used", "of", "percent")
	row := func(name string, used, of int, limited bool) {
		if !limited {
			fmt.Fprintf(b, "  %-11s %10s\n", name, textwrap.Group(int64(used)))
			return
		}
		fmt.Fprintf(b, "  %-11s %10s %10s %7.1f\n", name, textwrap.Group(int64(used)), textwrap.Group(int64(of)), 100*float64(used)/float64(max(1, of)))
	}
	row("multipliers", r.Multipliers, r.Most, r.Most > 0)
	for _, k := range resources.Resources() {
		if r.Limits == nil {
			row(string(k), r.Cost.Of(k), 0, false)
		} else {
			row(string(k), r.Cost.Of(k), r.Limits.Of(k), true)
		}
	}
}

// writeOver says what a design takes too much of.
func writeOver(b *strings.Builder, what string, list []fit.Over) {
	for _, o := range list {
		b.WriteString(textwrap.Lines(fmt.Sprintf("%s takes %s %s, %s more than there are", what, textwrap.Group(int64(o.Used)), o.Resource,
			textwrap.Group(int64(o.Used-o.Available))), "  exceeded     ", "               "))
	}
}

func (r *fitReport) writeDesign(b *strings.Builder) {
	proof := ", if FIFOs do not hold it up:\n               they are by rule, and no run has proven it"
	if r.Proven {
		proof = ", proven by a run"
	}
	fmt.Fprintf(b, "  found        a frame every %s cycles, %.1f frames/s%s\n", cycles(r.Interval, ""), r.FPS, proof)
	for i, l := range r.Limiting[:min(2, len(r.Limiting))] {
		fmt.Fprintf(b, "  %-12s %s.%s, %s cycles\n", [...]string{"limiting", "next"}[i], textwrap.Clip(l.Layer, 40), l.Stage, cycles(&l.Interval, ""))
	}
	if len(r.Limiting) > 0 && r.Proven && *r.Interval < r.Limiting[0].Interval {
		b.WriteString(textwrap.Lines(fmt.Sprintf("frames of the run are not even: FIFOs that had filled let some leave sooner than the limiting stage, "+
			"alone, can go on; what lasts is %s cycles, or more", cycles(&r.Limiting[0].Interval, "")), "  uneven       ", "               "))
	}
	if n := len(r.Loaded); n > 0 {
		b.WriteString(textwrap.Lines(fmt.Sprintf("weights of %d layers come by the board's DRAM: %s", n, strings.Join(r.Loaded, ", ")),
			"  from dram    ", "               "))
	}
	r.writeUse(b)
	for _, why := range r.Gaps {
		fmt.Fprint(b, textwrap.Lines(why, "  left out     ", "               "))
	}
}
