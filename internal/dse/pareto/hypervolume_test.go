package pareto

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestHypervolumeKnownValues(t *testing.T) {
	tests := []struct {
		name    string
		vectors [][]float64
		ref     []float64
		want    float64
	}{
		{"no vectors", nil, []float64{1, 1}, 0},
		{"one objective", [][]float64{{4}, {3}, {9}}, []float64{5}, 2},
		{"a square", [][]float64{{0, 0}}, []float64{2, 3}, 6},
		{"two steps", [][]float64{{0, 1}, {1, 0}}, []float64{2, 2}, 3},
		{"on the border adds nothing", [][]float64{{2, 0}, {0, 2}}, []float64{2, 2}, 0},
		{"outside adds nothing", [][]float64{{3, -5}, {1, 1}}, []float64{2, 2}, 1},
		{"a cube", [][]float64{{0, 0, 0}}, []float64{2, 3, 4}, 24},
		{"three corners", [][]float64{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}, []float64{2, 2, 2}, 4},
		{"four objectives", [][]float64{{0, 0, 0, 0}, {-1, 0, 0, 0}}, []float64{1, 1, 1, 1}, 2},
		{"infinite vector adds nothing", [][]float64{{math.Inf(1), 0}, {1, 1}}, []float64{2, 2}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Hypervolume(tt.vectors, tt.ref); got != tt.want {
				t.Errorf("Hypervolume = %v, want %v", got, tt.want)
			}
		})
	}
}

// cells counts the unit cells of the integer grid below ref that some vector dominates.
func cells(vectors [][]float64, ref []float64) float64 {
	total := 1
	for _, r := range ref {
		total *= int(r)
	}
	covered := 0
	cell := make([]float64, len(ref))
	for c := range total {
		for k, rest := 0, c; k < len(ref); k++ {
			cell[k] = float64(rest % int(ref[k]))
			rest /= int(ref[k])
		}
		for _, v := range vectors {
			if cmpRel := compare(v, cell); cmpRel == better || cmpRel == equal {
				covered++
				break
			}
		}
	}
	return float64(covered)
}

func TestHypervolumeEqualsCellCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 5).Draw(t, "width")
		ref := make([]float64, width)
		for k := range ref {
			ref[k] = float64(rapid.IntRange(1, 5).Draw(t, "ref"))
		}
		vectors := vectorsOf(t, width, 12)
		if got, want := Hypervolume(vectors, ref), cells(vectors, ref); got != want {
			t.Fatalf("Hypervolume(%v, %v) = %v, want %v", vectors, ref, got, want)
		}
	})
}

func TestHypervolumeIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 4).Draw(t, "width")
		value := rapid.Float64Range(0, 1)
		vectors := rapid.SliceOfN(rapid.SliceOfN(value, width, width), 1, 12).Draw(t, "vectors")
		shuffled := rapid.Permutation(vectors).Draw(t, "shuffled")
		ref := []float64{1, 1, 1, 1}[:width]
		if a, b := Hypervolume(vectors, ref), Hypervolume(shuffled, ref); a != b {
			t.Fatalf("%v and %v for the same set", a, b)
		}
	})
}
