package pareto

import (
	"cmp"
	"fmt"
	"slices"
)

// Hypervolume is the volume of the region that the vectors dominate and that dominates ref, exact up to rounding.
// All vectors have the length of ref and are minimized. A vector that is not below ref in every objective adds
// nothing; dominated vectors and the order of the vectors do not matter.
//
// Its cost for n vectors of k objectives is n^k and more: meant for the small sets by which tests measure searches.
func Hypervolume(vectors [][]float64, ref []float64) float64 {
	inside := make([][]float64, 0, len(vectors))
	for _, v := range vectors {
		if len(v) != len(ref) {
			panic(fmt.Sprintf("pareto: vector of %d objectives, reference of %d", len(v), len(ref)))
		}
		if below(v, ref) {
			inside = append(inside, v)
		}
	}
	slices.SortFunc(inside, func(a, b []float64) int { return slices.Compare(a, b) })
	return volume(inside, ref)
}

func below(v, ref []float64) bool {
	for k, x := range v {
		if !(x < ref[k]) {
			return false
		}
	}
	return true
}

// volume cuts along the last objective: between two neighbouring values of it, the cross-section is the volume of the
// vectors up to there in the remaining objectives.
func volume(vectors [][]float64, ref []float64) float64 {
	last := len(ref) - 1
	switch {
	case len(vectors) == 0 || len(ref) == 0:
		return 0
	case len(ref) == 1:
		return ref[0] - slices.MinFunc(vectors, slices.Compare[[]float64])[0]
	}
	byLast := slices.Clone(vectors)
	slices.SortStableFunc(byLast, func(a, b []float64) int { return cmp.Compare(a[last], b[last]) })
	sum := 0.0
	for i := range byLast {
		if depth := sliceDepth(byLast, i, ref[last]); depth > 0 {
			sum += depth * volume(project(byLast[:i+1], last), ref[:last])
		}
	}
	return sum
}

// sliceDepth is the distance along the last objective from vector i to the next one, or to the reference.
func sliceDepth(byLast [][]float64, i int, ref float64) float64 {
	last := len(byLast[i]) - 1
	if i+1 < len(byLast) {
		ref = byLast[i+1][last]
	}
	return ref - byLast[i][last]
}

func project(vectors [][]float64, width int) [][]float64 {
	out := make([][]float64, len(vectors))
	for i, v := range vectors {
		out[i] = v[:width]
	}
	return out
}
