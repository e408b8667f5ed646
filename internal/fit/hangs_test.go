package fit

import (
	"errors"
	"slices"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestOneThatHangsIsPassedOver: where the FIFOs by rule of a design are too shallow for a longer
// run than they were found by, the next slower design is taken; if there is none, that is said.
func TestOneThatHangsIsPassedOver(t *testing.T) {
	const text = `inputs: [{name: x, shape: [1, 4, 8, 8]}]
outputs: sum
layers:
- {name: a, op: conv2d, inputs: x, in_channels: 4, out_channels: 4, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 6, dtype: int8}}
- {name: b, op: conv2d, inputs: a, in_channels: 4, out_channels: 4, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 6, dtype: int8}}
- {name: sum, op: com.microsoft.QLinearAdd, inputs: [a, b], a: {dtype: int8, scale: 1}, b: {dtype: int8, scale: 1}, c: {dtype: int8, scale: 1}}
`
	n, err := configs.ParseNetwork("net.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	all := resources.Amount{DSP: 40, LUT: 1 << 20, FF: 1 << 20, BRAM18: 1 << 10}
	s, err := newSearch(t.Context(), n.Graph, &Options{Name: "test", File: "test.yaml", ClockMHz: 200, Limits: all})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.unsized()
	if err != nil {
		t.Fatal(err)
	}
	least := &pipeline.Plan{Nodes: c.Plan.Nodes, Edges: slices.Clone(c.Plan.Edges)}
	for i := range least.Edges {
		least.Edges[i].Depth = min(least.Edges[i].Depth, 2)
	}
	shallow := *c.Design
	if err := s.build(&shallow, c.layers, named(least)); err != nil {
		t.Fatal(err)
	}
	c.ruled, s.Limits = least, shallow.Cost
	var dead *clock.Deadlock
	if fits, err := s.try(c); fits || err != nil || !errors.As(s.hangs, &dead) {
		t.Fatalf("it fits: %v, error %v, hangs: %v", fits, err, s.hangs)
	}
	s.Limits = all
	next, _, err := s.fastest()
	if err != nil || next == nil || next.Interval <= c.Interval || !next.Proven {
		t.Fatalf("after a frame every %g cycles: %+v, %v", c.Interval, next, err)
	}
	s.above = s.slowest()
	if _, _, err = s.fastest(); !errors.As(err, &dead) {
		t.Errorf("where all hang: %v", err)
	}
}
