package template

import (
	"slices"
	"testing"
)

// TestKeysOfLayers: every key that a layer may have of its own is told from the layer's
// name, which may have dots.
func TestKeysOfLayers(t *testing.T) {
	for key, want := range map[string][]string{
		"array.pe":         {"array", "pe"},
		"window.style":     {"window", "style"},
		"weights.from":     {"weights", "from"},
		"weights.reuse":    {"weights", "reuse"},
		"accumulator.bits": {"accumulator", "bits"},
		"fifo.depth":       {"fifo", "depth"},
		"fifo.edges.a.b":   {"fifo", "edges", "a.b"},
		"requantize.style": {"requantize", "style"},
		"fork":             {"fork"},
		"join":             {"join"},
		"width":            {"width"},
	} {
		got := splitKey("layers.block.1.conv." + key)
		if !slices.Equal(got, append([]string{"layers", "block.1.conv"}, want...)) {
			t.Errorf("%s: %q", key, got)
		}
	}
}
