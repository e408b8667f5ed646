package metric

import (
	"math"
	"strconv"

	"github.com/convsim/convsim/internal/dse/expr"
)

// Bounding says what is known of a metric before the time plane has run.
type Bounding uint8

// How a metric is known before: all of it, or a bound.
const (
	Exact   Bounding = iota // all of it
	AtLeast                 // a lower bound
	AtMost                  // an upper bound
)

// Metric is one result of a point. Values are numbers; fits is 0 or 1.
type Metric struct {
	Name, Unit string
	Kind       expr.Type
	Bounds     Bounding
	Doc        string
}

// The positions of the metrics in Values and Table; Count is how many there are.
const (
	Cycles = iota
	Interval
	Latency
	LatencyUS
	FPS
	MACs
	MACsPerCycle
	Utilization
	Multipliers
	DSP
	LUT
	FF
	BRAM18
	URAM
	BufferBRAM18
	Energy
	Fits
	MayOverflow
	Count
)

// Table has all results of a point, in the order of every table.
var Table = [Count]Metric{
	Cycles:       {"cycles", "cycles", expr.Number, AtLeast, "all frames through all layers"},
	Interval:     {"interval", "cycles", expr.Number, AtLeast, "between the last outputs of consecutive frames, summed over the layers"},
	Latency:      {"latency", "cycles", expr.Number, AtLeast, "from reset to the last output of the first frame, summed over the layers"},
	LatencyUS:    {"latency_us", "us", expr.Number, AtLeast, "latency in time"},
	FPS:          {"fps", "frames/s", expr.Number, AtMost, "from the interval, with less than 3 frames from the cycles"},
	MACs:         {"macs", "", expr.Number, Exact, "multiply-accumulates of one frame"},
	MACsPerCycle: {"macs_per_cycle", "", expr.Number, AtMost, "MACs of all frames over cycles"},
	Utilization:  {"utilization", "", expr.Number, AtMost, "macs_per_cycle over multipliers, 0..1"},
	Multipliers:  {"multipliers", "", expr.Number, Exact, "multipliers built"},
	DSP:          {"dsp", "", expr.Number, Exact, "DSP slices"},
	LUT:          {"lut", "", expr.Number, Exact, "look-up tables"},
	FF:           {"ff", "", expr.Number, Exact, "flip-flops"},
	BRAM18:       {"bram18", "", expr.Number, Exact, "block RAMs of 18 Kbit, all weights on chip"},
	URAM:         {"uram", "", expr.Number, Exact, "UltraRAMs"},
	BufferBRAM18: {"buffer_bram18", "", expr.Number, Exact, "block RAMs without those of the weights"},
	Energy:       {"energy_pj", "pJ", expr.Number, Exact, "relative energy of one frame"},
	Fits:         {"fits", "", expr.Bool, Exact, "whether dsp, lut, ff, bram18 and uram are within the board"},
	MayOverflow:  {"may_overflow", "", expr.Bool, Exact, "whether some data, bias apart, make sums that the accumulators do not hold"},
}

// Names are the names of all metrics, in the order of every table.
func Names() []string {
	list := make([]string, len(Table))
	for i, m := range Table {
		list[i] = m.Name
	}
	return list
}

// Values are the results of one point by metric; NaN where one does not apply.
type Values [Count]float64

// Unknown are values of which none is known.
func Unknown() Values {
	var m Values
	for i := range m {
		m[i] = math.NaN()
	}
	return m
}

// Value is the metric as expressions see it.
func (m *Values) Value(i int) expr.Value {
	x := m[i]
	switch {
	case math.IsNaN(x):
		return expr.Value{}
	case Table[i].Kind == expr.Bool:
		return expr.BoolValue(x != 0)
	}
	return expr.NumberValue(x)
}

// AppendNumber writes whole numbers without exponent, others as short as they read back the same.
func AppendNumber(dst []byte, x float64) []byte {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.AppendInt(dst, int64(x), 10)
	}
	return strconv.AppendFloat(dst, x, 'g', -1, 64)
}
