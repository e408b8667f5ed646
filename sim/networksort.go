package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// worse are the orders of layers that can be asked for, by name: how bad a layer is.
var worse = map[string]func(l LayerUse) float64{
	"busy":        func(l LayerUse) float64 { return float64(l.Busy) },
	"starved":     func(l LayerUse) float64 { return float64(l.Starved) },
	"blocked":     func(l LayerUse) float64 { return float64(l.Blocked) },
	"cycles":      func(l LayerUse) float64 { return float64(l.Cycles) },
	"interval":    func(l LayerUse) float64 { return l.Interval },
	"macs":        func(l LayerUse) float64 { return float64(l.MACs) },
	"multipliers": func(l LayerUse) float64 { return float64(l.Multipliers) },
	"idle":        func(l LayerUse) float64 { return float64(l.Multipliers) * (1 - l.Utilization) },
	"dsp":         func(l LayerUse) float64 { return float64(l.Cost.DSP) },
	"lut":         func(l LayerUse) float64 { return float64(l.Cost.LUT) },
	"ff":          func(l LayerUse) float64 { return float64(l.Cost.FF) },
	"bram":        func(l LayerUse) float64 { return float64(l.Cost.BRAM18) },
	"uram":        func(l LayerUse) float64 { return float64(l.Cost.URAM) },
}

// Orders are the names of the orders of layers.
func Orders() []string {
	names := []string{StreamOrder}
	for name := range worse {
		names = append(names, name)
	}
	slices.Sort(names[1:])
	return names
}

// StreamOrder is the order in which layers stream.
const StreamOrder = "stream"

// Order says which layers the report tells of: the worst ones by an order first, and
// no more of them than most, if that is above 0.
type Order struct {
	By   string // "" is StreamOrder, but with Most the busiest ones
	Most int
}

// Check refuses an order that there is not.
func (o Order) Check() error {
	var errs []error
	if o.By != "" && !slices.Contains(Orders(), o.By) {
		errs = append(errs, fmt.Errorf("--sort %s; allowed: %s", o.By, strings.Join(Orders(), ", ")))
	}
	if o.Most < 0 {
		errs = append(errs, fmt.Errorf("--top %d; allowed: 0 (all layers) or more", o.Most))
	}
	return errors.Join(errs...)
}

// Show brings the layers into an order that Check finds right.
func (r *NetworkReport) Show(o Order) {
	r.of = len(r.Layers)
	by := o.By
	if by == "" && o.Most > 0 {
		by = "busy"
	}
	if bad := worse[by]; bad != nil {
		r.Layers = slices.Clone(r.Layers)
		slices.SortStableFunc(r.Layers, func(a, b LayerUse) int { return cmp.Compare(bad(b), bad(a)) })
	}
	if o.Most > 0 {
		r.Layers = r.Layers[:min(o.Most, len(r.Layers))]
	}
}
