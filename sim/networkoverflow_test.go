package sim

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/tensor"
)

// TestNetworkOverflow: operators whose accumulators are too narrow are wrong unless the
// hardware allows it; then they are what their accumulators hold, wrapped round or
// saturated in the order of the array.
func TestNetworkOverflow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tried := 0
	for i, o := range append(operators(r), mixing(r)...) {
		if o.dtype == tensor.Float32 || o.dtype == tensor.Int32 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			for _, rule := range []string{"wrap", "saturate"} {
				g, inputs := o.graph(rand.New(rand.NewPCG(7, uint64(i))))
				run := func(more string) (*NetworkReport, *NetworkOutcome, int) {
					hw, _ := parse(t, `{name: a, array: {pe: 2, simd: 3}, accumulator: {bits: 10, overflow: `+rule+more+`}}`, stopLayer)
					n, err := NewNetwork(hw, g)
					if err != nil {
						t.Skip(err)
					}
					out, err := n.Run(context.Background(), inputs, Options{})
					if err != nil {
						t.Fatal(err)
					}
					return n.Report(out, Options{}), out, len(n.Arrays)
				}
				strict, plain, arrays := run("")
				if arrays == 0 {
					return
				}
				tried++
				if plain.Wrong == nil || len(strict.Overflow) == 0 || strict.Overflow[0].Allowed {
					t.Errorf("%s: wrong %v, overflow %v", rule, plain.Wrong, strict.Overflow)
				}
				if report, out, _ := run(", allow_overflow: true"); out.Wrong != nil || len(report.Overflow) == 0 || !report.Overflow[0].Allowed {
					t.Errorf("%s, allowed: %v, overflow %v", rule, out.Wrong, report.Overflow)
				}
			}
		})
	}
	if tried < 20 {
		t.Errorf("%d runs", tried)
	}
}
