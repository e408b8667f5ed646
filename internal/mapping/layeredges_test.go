package mapping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/mapping"
)

// TestLayerEdges: files name these.
func TestLayerEdges(t *testing.T) {
	want := []string{"source.pad", "pad.window", "window.array", "array.sink", "array.requantize", "requantize.sink", "source.window",
		"weights.array", "weights.tile", "tile.array", "array.turn", "turn.sink", "turn.requantize"}
	if diff := cmp.Diff(want, mapping.LayerEdges()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
