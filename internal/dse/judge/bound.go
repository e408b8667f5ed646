package judge

import (
	"math"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
)

// Unbounded says that nothing is known of the objective before the time plane has run.
func (o Objective) Unbounded() bool {
	if o.static || o.Metric < 0 {
		return !o.static
	}
	known := metric.Table[o.Metric].Bounds
	return known == metric.AtMost && !o.Maximize || known == metric.AtLeast && o.Maximize
}

// Lowest is a lower bound of the objective, minimized; minus infinity when there is none.
func (o Objective) Lowest(static []expr.Value, best *metric.Values) float64 {
	x := math.NaN()
	switch {
	case o.Unbounded():
	case o.static:
		if exactly, err := o.Number(static); err == nil {
			x = exactly
		}
	default:
		x = best[o.Metric]
	}
	if math.IsNaN(x) {
		return math.Inf(-1)
	}
	return o.Minimized(x)
}
