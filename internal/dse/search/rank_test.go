package search

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// peel is the definition of the fronts: take away what nothing precedes, again and again.
func peel(pop []individual) []int {
	ranks := slices.Repeat([]int{-1}, len(pop))
	for rank, left := 0, len(pop); left > 0; rank++ {
		var layer []int
		for i := range pop {
			preceded := func(j int) bool { return ranks[j] < 0 && pop[j].before(&pop[i]) }
			if ranks[i] < 0 && !slices.ContainsFunc(indices(pop), preceded) {
				layer = append(layer, i)
			}
		}
		for _, i := range layer {
			ranks[i] = rank
		}
		left -= len(layer)
	}
	return ranks
}

func indices(pop []individual) []int {
	all := make([]int, len(pop))
	for i := range all {
		all[i] = i
	}
	return all
}

func TestFrontsEqualPeeling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pop := make([]individual, rapid.IntRange(1, 40).Draw(t, "size"))
		for i := range pop {
			pop[i].index = int64(i)
			pop[i].violation = float64(max(0, rapid.IntRange(-4, 2).Draw(t, "violation")))
			if pop[i].violation == 0 || rapid.Bool().Draw(t, "known") {
				pop[i].objectives = []float64{float64(rapid.IntRange(0, 5).Draw(t, "x")), float64(rapid.IntRange(0, 5).Draw(t, "y"))}
			}
		}
		got := make([]int, len(pop))
		for rank, front := range fronts(pop) {
			for _, i := range front {
				got[i] = rank
			}
		}
		if diff := cmp.Diff(peel(pop), got); diff != "" {
			t.Fatalf("ranks (-want +got):\n%s", diff)
		}
	})
}

func TestBefore(t *testing.T) {
	legal := func(x ...float64) individual { return individual{objectives: x} }
	illegal := func(violation float64, x ...float64) individual {
		return individual{violation: violation, objectives: x}
	}
	tests := []struct {
		name   string
		a, b   individual
		ab, ba bool
	}{
		{"dominance among legal", legal(1, 2), legal(2, 2), true, false},
		{"trade-off", legal(1, 2), legal(2, 1), false, false},
		{"legal beats illegal however good", legal(9, 9), illegal(1, 0, 0), true, false},
		{"smaller violation", illegal(1, 9, 9), illegal(2, 0, 0), true, false},
		{"dominance among equally illegal", illegal(1, 1, 1), illegal(1, 2, 1), true, false},
		{"known beats failed", illegal(math.Inf(1), 1, 1), illegal(math.Inf(1)), true, false},
		{"failed and failed", illegal(math.Inf(1)), illegal(math.Inf(1)), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if ab, ba := tt.a.before(&tt.b), tt.b.before(&tt.a); ab != tt.ab || ba != tt.ba {
				t.Errorf("a before b: %v, b before a: %v; want %v, %v", ab, ba, tt.ab, tt.ba)
			}
		})
	}
	a, b := individual{index: 1, objectives: []float64{1}}, individual{index: 2, objectives: []float64{1}}
	if a.before(&b) == b.before(&a) {
		t.Error("of equal vectors not exactly one comes first")
	}
}

func TestCrowding(t *testing.T) {
	var pop []individual
	for i, v := range [][]float64{{0, 10}, {4, 4}, {1, 6}, {10, 0}} {
		pop = append(pop, individual{index: int64(i), objectives: v})
	}
	crowd(pop, []int{0, 1, 2, 3})
	inf := math.Inf(1)
	want := []float64{inf, 0.9 + 0.6, 0.4 + 0.6, inf}
	for i, m := range pop {
		if m.crowding != want[i] {
			t.Errorf("crowding of %v = %v, want %v", m.objectives, m.crowding, want[i])
		}
	}
}

func TestSurvivorsAreTheFittest(t *testing.T) {
	var pop []individual
	for i, v := range [][]float64{{5, 5}, {0, 10}, {1, 9}, {1.5, 8.5}, {10, 0}} {
		pop = append(pop, individual{index: int64(i), objectives: v})
	}
	got := []int64{}
	for _, m := range survivors(pop, 3) {
		got = append(got, m.index)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]int64{0, 1, 4}, got); diff != "" {
		t.Errorf("survivors: both ends and the emptiest middle (-want +got):\n%s", diff)
	}
}
