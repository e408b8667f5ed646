package judge

import (
	"strings"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
)

// Fits is what fits means, resource by resource.
func (j *Judge) Fits() *expr.Program {
	if j.Names.Metrics[metric.Fits] < 0 {
		return nil
	}
	parts := make([]string, len(fitting))
	for i, r := range fitting {
		parts[i] = metric.Table[r].Name + " <= board." + metric.Table[r].Name
	}
	p, err := j.Names.Compile(expr.Bool, strings.Join(parts, " && "))
	if err != nil {
		panic("judge: " + err.Error())
	}
	return p
}

// fitting are the metrics that a board has to have room for.
var fitting = []int{metric.DSP, metric.LUT, metric.FF, metric.BRAM18, metric.URAM}
