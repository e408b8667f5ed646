package dse

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/convsim/convsim/dse/expr"
)

// bounding says what is known of a metric before the time plane has run.
type bounding uint8

const (
	exact   bounding = iota // all of it
	atLeast                 // a lower bound
	atMost                  // an upper bound
)

// metric is one result of a point. Values are numbers; fits is 0 or 1.
type metric struct {
	name, unit string
	kind       expr.Type
	bounds     bounding
	doc        string
}

// The positions of the metrics in a Metrics.
const (
	mCycles = iota
	mInterval
	mLatency
	mLatencyUS
	mFPS
	mMACs
	mMACsPerCycle
	mUtilization
	mMultipliers
	mDSP
	mLUT
	mFF
	mBRAM18
	mURAM
	mBufferBRAM18
	mEnergy
	mFits
	mMayOverflow
	metricCount
)

// metrics are all results of a point, in the order of every table.
var metrics = [metricCount]metric{
	mCycles:       {"cycles", "cycles", expr.Number, atLeast, "all frames through all layers"},
	mInterval:     {"interval", "cycles", expr.Number, atLeast, "between the last outputs of consecutive frames, summed over the layers"},
	mLatency:      {"latency", "cycles", expr.Number, atLeast, "from reset to the last output of the first frame, summed over the layers"},
	mLatencyUS:    {"latency_us", "us", expr.Number, atLeast, "latency in time"},
	mFPS:          {"fps", "frames/s", expr.Number, atMost, "from the interval, with less than 3 frames from the cycles"},
	mMACs:         {"macs", "", expr.Number, exact, "multiply-accumulates of one frame"},
	mMACsPerCycle: {"macs_per_cycle", "", expr.Number, atMost, "MACs of all frames over cycles"},
	mUtilization:  {"utilization", "", expr.Number, atMost, "macs_per_cycle over multipliers, 0..1"},
	mMultipliers:  {"multipliers", "", expr.Number, exact, "multipliers built"},
	mDSP:          {"dsp", "", expr.Number, exact, "DSP slices"},
	mLUT:          {"lut", "", expr.Number, exact, "look-up tables"},
	mFF:           {"ff", "", expr.Number, exact, "flip-flops"},
	mBRAM18:       {"bram18", "", expr.Number, exact, "block RAMs of 18 Kbit, all weights on chip"},
	mURAM:         {"uram", "", expr.Number, exact, "UltraRAMs"},
	mBufferBRAM18: {"buffer_bram18", "", expr.Number, exact, "block RAMs without those of the weights"},
	mEnergy:       {"energy_pj", "pJ", expr.Number, exact, "relative energy of one frame"},
	mFits:         {"fits", "", expr.Bool, exact, "whether dsp, lut, ff, bram18 and uram are within the board"},
	mMayOverflow:  {"may_overflow", "", expr.Bool, exact, "whether some data, bias apart, make sums that the accumulators do not hold"},
}

// MetricNames are the names of all metrics, in the order of every table.
func MetricNames() []string {
	list := make([]string, len(metrics))
	for i, m := range metrics {
		list[i] = m.name
	}
	return list
}

// Metrics are the results of one point by metric; NaN where one does not apply.
type Metrics [metricCount]float64

func unknownMetrics() Metrics {
	var m Metrics
	for i := range m {
		m[i] = math.NaN()
	}
	return m
}

// value is the metric as expressions see it.
func (m *Metrics) value(i int) expr.Value {
	x := m[i]
	switch {
	case math.IsNaN(x):
		return expr.Value{}
	case metrics[i].kind == expr.Bool:
		return expr.BoolValue(x != 0)
	}
	return expr.NumberValue(x)
}

// applies says which metrics a sweep has: the others are not known to its expressions and left out of its tables.
func (d *Definition) applies(i int) bool { return d.whyNot(i) == "" }

// whyNot says why a sweep has not got a metric, nothing if it has.
func (d *Definition) whyNot(i int) string {
	switch i {
	case mInterval:
		if d.Frames < 3 {
			return "interval needs frames of 3 or more"
		}
	case mDSP, mLUT, mFF, mBRAM18, mURAM, mBufferBRAM18, mFits:
		for _, l := range d.Layers {
			if l.Float {
				return fmt.Sprintf("%s is not known of layer %s: arrays of float32 have no cost model", metrics[i].name, l.Name)
			}
		}
		if i == mFits && d.Board == nil {
			return "fits needs a board"
		}
	case mMayOverflow:
		if !slices.ContainsFunc(d.Layers, func(l LayerID) bool { return !l.Float }) {
			return "may_overflow needs a layer of integers"
		}
	}
	return ""
}

// hint says why a metric is not known to this sweep, where a message is about one.
func (d *Definition) hint(message string) string {
	for i, m := range metrics {
		if why := d.whyNot(i); why != "" && strings.HasPrefix(message, "unknown name "+m.name+";") {
			return why
		}
	}
	return message
}
