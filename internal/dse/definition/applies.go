package definition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/dse/metric"
)

// Applies says which metrics a sweep has: the others are not known to its expressions and left out of its tables.
func (d *Definition) Applies(i int) bool { return d.whyNot(i) == "" }

// whyNot says why a sweep has not got a metric, nothing if it has.
func (d *Definition) whyNot(i int) string {
	switch i {
	case metric.Interval:
		if d.Frames < 3 {
			return "interval needs frames of 3 or more"
		}
	case metric.DSP, metric.LUT, metric.FF, metric.BRAM18, metric.URAM, metric.BufferBRAM18, metric.Fits:
		for _, l := range d.Layers {
			if l.Float {
				return fmt.Sprintf("%s is not known of layer %s: arrays of float32 have no cost model", metric.Table[i].Name, l.Name)
			}
		}
		if i == metric.Fits && d.Board == nil {
			return "fits needs a board"
		}
	case metric.MayOverflow:
		if !slices.ContainsFunc(d.Layers, func(l LayerID) bool { return !l.Float }) {
			return "may_overflow needs a layer of integers"
		}
	}
	return ""
}

// Hint says why a metric is not known to this sweep, where a message is about one.
func (d *Definition) Hint(message string) string {
	for i, m := range metric.Table {
		if why := d.whyNot(i); why != "" && strings.HasPrefix(message, "unknown name "+m.Name+";") {
			return why
		}
	}
	return message
}
