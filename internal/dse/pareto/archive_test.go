package pareto

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// vectorsOf draws small integer grids: ties and dominance are frequent there.
func vectorsOf(t *rapid.T, width, maxLen int) [][]float64 {
	value := rapid.Map(rapid.IntRange(0, 6), func(i int) float64 { return float64(i) })
	return rapid.SliceOfN(rapid.SliceOfN(value, width, width), 0, maxLen).Draw(t, "vectors")
}

// bruteFront is the definition: a point is a member when no other point dominates it.
func bruteFront(vectors [][]float64) []Point {
	var front []Point
	for i, v := range vectors {
		dominated, same := false, int64(0)
		for _, w := range vectors {
			dominated = dominated || bruteDominates(w, v)
			if slices.Equal(w, v) {
				same++
			}
		}
		if !dominated {
			front = append(front, Point{ID: int64(i), Vector: v, Equal: same})
		}
	}
	slices.SortFunc(front, func(p, q Point) int {
		return cmp.Or(slices.Compare(p.Vector, q.Vector), cmp.Compare(p.ID, q.ID))
	})
	return front
}

func bruteDominates(a, b []float64) bool {
	smaller := false
	for k := range a {
		if a[k] > b[k] {
			return false
		}
		smaller = smaller || a[k] < b[k]
	}
	return smaller
}

func firstOfEach(front []Point) []Point {
	return slices.CompactFunc(slices.Clone(front), func(p, q Point) bool { return slices.Equal(p.Vector, q.Vector) })
}

func TestArchiveEqualsBruteForceInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		vectors := vectorsOf(t, width, 40)
		ids := make([]int, len(vectors))
		for i := range ids {
			ids[i] = i
		}
		order := rapid.Permutation(ids).Draw(t, "order")
		all, first := New(width, AllTies), New(width, FirstTie)
		for _, i := range order {
			all.Insert(int64(i), vectors[i])
			first.Insert(int64(i), vectors[i])
		}
		want := bruteFront(vectors)
		if diff := gocmp.Diff(want, all.Front(), emptyIsNil()); diff != "" {
			t.Fatalf("AllTies front (-want +got):\n%s", diff)
		}
		if diff := gocmp.Diff(firstOfEach(want), first.Front(), emptyIsNil()); diff != "" {
			t.Fatalf("FirstTie front (-want +got):\n%s", diff)
		}
	})
}

func emptyIsNil() gocmp.Option {
	return gocmp.Transformer("emptyIsNil", func(p []Point) []Point { return slices.Clip(append([]Point{}, p...)) })
}

func TestInsertReportsMembership(t *testing.T) {
	type step struct {
		id     int64
		vector []float64
		want   bool
	}
	tests := []struct {
		name  string
		ties  Ties
		steps []step
		len   int
	}{
		{"dominated is refused", AllTies, []step{{0, []float64{1, 1}, true}, {1, []float64{1, 2}, false}}, 1},
		{"dominating replaces", AllTies, []step{{0, []float64{2, 2}, true}, {1, []float64{1, 3}, true}, {2, []float64{1, 1}, true}}, 1},
		{"all ties stay", AllTies, []step{{5, []float64{1, 1}, true}, {3, []float64{1, 1}, true}, {9, []float64{1, 1}, true}}, 3},
		{"first tie wins", FirstTie, []step{{5, []float64{1, 1}, true}, {3, []float64{1, 1}, true}, {9, []float64{1, 1}, false}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New(2, tt.ties)
			for _, s := range tt.steps {
				if got := a.Insert(s.id, s.vector); got != s.want {
					t.Errorf("Insert(%d, %v) = %v, want %v", s.id, s.vector, got, s.want)
				}
			}
			if a.Len() != tt.len {
				t.Errorf("Len = %d, want %d", a.Len(), tt.len)
			}
		})
	}
}

func TestDominatedIsStrict(t *testing.T) {
	a := New(2, AllTies)
	a.Insert(0, []float64{2, 2})
	for _, tt := range []struct {
		vector []float64
		want   bool
	}{{[]float64{2, 3}, true}, {[]float64{2, 2}, false}, {[]float64{1, 9}, false}} {
		if got := a.Dominated(tt.vector); got != tt.want {
			t.Errorf("Dominated(%v) = %v, want %v", tt.vector, got, tt.want)
		}
	}
}

func TestFrontIsACopy(t *testing.T) {
	a := New(1, AllTies)
	v := []float64{3}
	a.Insert(0, v)
	v[0] = 1
	a.Front()[0].Vector[0] = 2
	if got := a.Front()[0].Vector[0]; got != 3 {
		t.Errorf("member = %v, want 3", got)
	}
}

func TestMemoryIsBoundedByTheFront(t *testing.T) {
	a := New(2, FirstTie)
	for i := range 20_000 {
		x := float64(i % 10)
		a.Insert(int64(i), []float64{x, 9 - x + float64(20_000-i)})
	}
	for i := range 20_000 {
		a.Insert(int64(20_000+i), []float64{float64(i % 10), 9 - float64(i%10)})
	}
	if a.Len() != 10 || cap(a.ids) > 1024 {
		t.Errorf("Len %d, capacity %d; want 10 members in a small array", a.Len(), cap(a.ids))
	}
}

func TestBrokenVectorsPanic(t *testing.T) {
	for name, v := range map[string][]float64{"NaN": {1, math.NaN()}, "short": {1}} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			New(2, AllTies).Insert(7, v)
		})
	}
}

func TestInsertDoesNotAllocate(t *testing.T) {
	a := New(3, FirstTie)
	rng := rand.New(rand.NewPCG(1, 2))
	v := make([]float64, 3)
	id := int64(0)
	offer := func() {
		for k := range v {
			v[k] = float64(rng.IntN(12))
		}
		a.Insert(id, v)
		id++
	}
	for range 5000 {
		offer()
	}
	if n := testing.AllocsPerRun(1000, offer); n != 0 {
		t.Errorf("%v allocations per Insert, want 0", n)
	}
}

func BenchmarkInsert(b *testing.B) {
	for _, width := range []int{2, 3} {
		b.Run(map[int]string{2: "objectives=2", 3: "objectives=3"}[width], func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			vectors := make([][]float64, 1<<16)
			for i := range vectors {
				vectors[i] = tradeOff(rng, width)
			}
			a := New(width, FirstTie)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				a.Insert(int64(i), vectors[i&(1<<16-1)])
			}
			b.ReportMetric(float64(a.Len()), "members")
		})
	}
}

// tradeOff draws a point above a hyperbolic front on a grid, as cycles against resources look.
func tradeOff(rng *rand.Rand, width int) []float64 {
	v := make([]float64, width)
	product := 1.0
	for k := range width - 1 {
		v[k] = float64(1 + rng.IntN(200))
		product *= v[k]
	}
	v[width-1] = math.Ceil(1e6 / product * (1 + rng.Float64()))
	return v
}
