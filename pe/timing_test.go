package pe

import (
	"errors"
	"testing"

	"github.com/convsim/convsim/pipeline"
)

// TestArrayLeavesSurplusBeats: beats beyond the last vector are left over, not
// swallowed by the replay buffer.
func TestArrayLeavesSurplusBeats(t *testing.T) {
	for _, folds := range []int{1, 3} {
		const vectors, vectorBeats = 4, 5
		g := pipeline.NewGraph()
		in, out := g.NewEdge(pipeline.EdgeSpec{Name: "in", Depth: 8}), g.NewEdge(pipeline.EdgeSpec{Name: "out"})
		pipeline.NewSource(g, in, pipeline.Always{}, vectors*vectorBeats+3, 1)
		NewArray(g, in, out, ArraySpec{VectorBeats: vectorBeats, OutFolds: folds, Vectors: vectors})
		pipeline.NewSink(g, out, pipeline.Always{}, vectors*int64(folds), 1)
		_, err := g.Run()
		var l *pipeline.Leftover
		if !errors.As(err, &l) || l.Edge != "in" || l.Beats != 3 {
			t.Errorf("%d passes: %v, want 3 beats left over on in", folds, err)
		}
	}
}
