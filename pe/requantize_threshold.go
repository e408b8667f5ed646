package pe

import "sort"

// Thresholds are FINN's requantisation: an activation is Bias more than the
// number of its channel's thresholds that the sum reaches.
type Thresholds struct {
	Steps [][]int64 // ascending; for every channel, or one list for all
	Range Span      // of what is compared: sums are saturated to it
	Bias  int64
}

// NewThresholds makes what applies thresholds to a layer of so many channels.
func NewThresholds(t Thresholds, channels int, out Output) (Requantizer, error) {
	var c checks
	c.count("thresholds", len(t.Steps), channels)
	for _, steps := range t.Steps {
		c.add(sort.SliceIsSorted(steps, func(i, j int) bool { return steps[i] < steps[j] }), "thresholds", steps, "ascending numbers")
	}
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	rule := func(acc int32, steps []int64) int64 {
		x := max(t.Range.Min, min(int64(acc), t.Range.Max))
		return t.Bias + int64(sort.Search(len(steps), func(i int) bool { return steps[i] > x }))
	}
	return &table[[]int64]{parameters: spread(t.Steps, channels), rule: rule, out: out}, nil
}
