package sim

import (
	"context"
	"strings"
	"testing"
)

// TestSinkThatTakesWideOutputs: where the port behind a layer limits it, the report
// says how wide outputs are that nothing has narrowed, and what would.
func TestSinkThatTakesWideOutputs(t *testing.T) {
	const shape = `op: conv2d, in_channels: 16, out_channels: 24, kernel_size: 1, input: {height: 7, width: 7}`
	for _, c := range []struct {
		name, sink, layer, why, relief string
	}{
		{"int32 over a narrow port", "bytes_per_cycle: 4", shape, "; its outputs are int32, 4 bytes an element",
			"a sink that is open more often, or outputs requantised to int8, a quarter of the bytes"},
		{"int32 in a pattern", "every: 9", shape, "; its outputs are int32, 4 bytes an element", "a sink that is open more often"},
		{"float32 over a narrow port", "bytes_per_cycle: 4", shape + `, dtype: {input: float32, weight: float32}`,
			"; its outputs are float32, 4 bytes an element", "a sink that is open more often"},
		{"int8 over a narrow port", "bytes_per_cycle: 1", shape + `, requantize: {rule: shift, shift: 7, dtype: int8}`,
			" of the cycles", "a sink that is open more often"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, `{name: w, array: {pe: 8, simd: 8}, sink: {`+c.sink+`}}`, `{`+c.layer+`}`)
			out, err := Run(context.Background(), hw, layer, Options{NoValues: true})
			if err != nil {
				t.Fatal(err)
			}
			if b := out.Report.Bottleneck; b.Stage != "sink" || !strings.HasSuffix(b.Why, c.why) || b.Relief != c.relief {
				t.Errorf("%+v", b)
			}
		})
	}
}
