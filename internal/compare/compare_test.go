package compare

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestDiff: whatever options say, the answer is that of cmp.Diff.
func TestDiff(t *testing.T) {
	t.Parallel()
	type pair struct {
		A []int
		B float64
	}
	for _, c := range []struct {
		name      string
		want, got any
		options   []cmp.Option
	}{
		{"equal", pair{[]int{1, 2}, 3}, pair{[]int{1, 2}, 3}, nil},
		{"an element", pair{[]int{1, 2}, 3}, pair{[]int{1, 3}, 3}, nil},
		{"type", 1, int64(1), nil},
		{"nil and empty", pair{nil, 0}, pair{[]int{}, 0}, nil},
		{"nil and empty alike", pair{nil, 0}, pair{[]int{}, 0}, []cmp.Option{cmpopts.EquateEmpty()}},
		{"not a number", pair{B: math.NaN()}, pair{B: math.NaN()}, nil},
		{"not a number alike", pair{B: math.NaN()}, pair{B: math.NaN()}, []cmp.Option{cmpopts.EquateNaNs()}},
		{"ignored", pair{B: 1}, pair{B: 2}, []cmp.Option{cmpopts.IgnoreFields(pair{}, "B")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if want, got := cmp.Diff(c.want, c.got, c.options...), Diff(c.want, c.got, c.options...); (got == "") != (want == "") {
				t.Errorf("%q, cmp says %q", got, want)
			}
		})
	}
}
