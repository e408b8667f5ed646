package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/dse/space"
)

func rangeAxis(name string, n int) space.Axis {
	return must(space.Range(name, space.Int(0), space.Int(int64(n-1)), space.Int(1)))
}

func boxSpace(lengths ...int) *space.Space {
	axes := make([]space.Axis, len(lengths))
	for i, n := range lengths {
		axes[i] = rangeAxis(fmt.Sprint("p", i), n)
	}
	return must(space.New(axes...))
}

var plans = map[string]Plan{
	"grid":            Grid{},
	"random":          Random{N: 300, Seed: 1},
	"latin hypercube": LatinHypercube{N: 300, Seed: 1},
	"nsga2":           DefaultNSGA2(2, 300, 1),
}

// trace runs the plan with the given portions and an evaluation that answers in a shuffled order and in two parts.
func trace(t *testing.T, plan Plan, p problem, batch int) []int64 {
	t.Helper()
	s, err := plan.Start(p.sp)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(uint64(batch), 0))
	var asked []int64
	for {
		points := s.Ask(batch)
		if len(points) == 0 {
			break
		}
		asked = append(asked, points...)
		results := p.results(points)
		rng.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
		s.Tell(results[:len(results)/2])
		s.Tell(results[len(results)/2:])
	}
	if int64(len(asked)) != s.Total() {
		t.Errorf("asked %d points, Total is %d", len(asked), s.Total())
	}
	return asked
}

func TestEveryStrategyAsksDistinctPointsWhateverTheParallelism(t *testing.T) {
	p := ragged(2)
	for name, plan := range plans {
		t.Run(name, func(t *testing.T) {
			want := trace(t, plan, p, 1)
			seen := map[int64]bool{}
			for _, i := range want {
				if i < 0 || i >= p.sp.Size() || seen[i] {
					t.Fatalf("point %d is outside or asked twice", i)
				}
				seen[i] = true
			}
			for _, batch := range []int{7, 64, 100_000} {
				if diff := cmp.Diff(want, trace(t, plan, p, batch)); diff != "" {
					t.Errorf("points with batches of %d (-want +got):\n%s", batch, diff)
				}
			}
		})
	}
}

func TestSeedsMatter(t *testing.T) {
	p := ragged(2)
	for name, pair := range map[string][2]Plan{
		"random":          {Random{N: 50, Seed: 1}, Random{N: 50, Seed: 2}},
		"latin hypercube": {LatinHypercube{N: 50, Seed: 1}, LatinHypercube{N: 50, Seed: 2}},
		"nsga2":           {DefaultNSGA2(2, 50, 1), DefaultNSGA2(2, 50, 2)},
	} {
		if slices.Equal(trace(t, pair[0], p, 10), trace(t, pair[1], p, 10)) {
			t.Errorf("%s: two seeds, the same points", name)
		}
	}
}

// A published sweep must give the same points with the next release, so the first points of a seed are pinned.
func TestPointsOfASeedArePinned(t *testing.T) {
	p := ragged(2)
	want := map[string][]int64{
		"grid":            {0, 1, 2, 3},
		"random":          {12726, 2618, 12214, 7225},
		"latin hypercube": {1211, 13883, 7231, 3791},
		"nsga2":           {59, 4369, 370, 389},
	}
	for name, plan := range plans {
		points := trace(t, plan, p, 10)
		if name == "nsga2" {
			points = points[200:]
		}
		if diff := cmp.Diff(want[name], points[:4]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMoreRandomPointsStartWithTheSame(t *testing.T) {
	p := ragged(2)
	few, many := trace(t, Random{N: 20, Seed: 5}, p, 8), trace(t, Random{N: 200, Seed: 5}, p, 8)
	if diff := cmp.Diff(few, many[:20]); diff != "" {
		t.Errorf("first points (-want +got):\n%s", diff)
	}
}

func TestMoreThanTheSpaceHasIsTheSpace(t *testing.T) {
	sp := boxSpace(3, 4, 2)
	p := problem{sp: sp, objectives: 1, evaluate: func(v []space.Value) ([]float64, float64) { return []float64{1}, 0 }}
	for name, plan := range map[string]Plan{
		"grid":            Grid{},
		"random":          Random{N: 1000, Seed: 1},
		"latin hypercube": LatinHypercube{N: 1000, Seed: 1},
		"nsga2":           DefaultNSGA2(1, 1000, 1),
	} {
		points := trace(t, plan, p, 5)
		slices.Sort(points)
		if len(points) != 24 || points[0] != 0 || points[23] != 23 {
			t.Errorf("%s: %v, want every point once", name, points)
		}
	}
}

func TestPermutationIsABijection(t *testing.T) {
	for _, size := range []int64{1, 2, 3, 4, 5, 7, 16, 17, 100, 1000, 4097} {
		for seed := range uint64(3) {
			p := newPermutation(size, seed)
			hit := make([]bool, size)
			for i := range size {
				at := p.at(i)
				if at < 0 || at >= size || hit[at] {
					t.Fatalf("size %d seed %d: position %d gives %d, outside or twice", size, seed, i, at)
				}
				hit[at] = true
			}
		}
	}
}

// The first tenth of a permutation must look uniform: chi-squared over 20 bins stays below its 99.99 % quantile.
func TestPermutationIsUniform(t *testing.T) {
	const size, bins, draws = 1 << 61, 20, 20_000
	p := newPermutation(size, 9)
	var count [bins]float64
	for i := range int64(draws) {
		count[p.at(i)/(size/bins+1)]++
	}
	chi := 0.
	for _, c := range count {
		chi += (c - draws/bins) * (c - draws/bins) / (draws / bins)
	}
	if chi > 52.4 {
		t.Errorf("chi-squared %.1f over %d bins", chi, bins)
	}
}

func TestRandomOfAHugeSpace(t *testing.T) {
	sp := boxSpace(1<<20, 1<<20, 1<<20, 4)
	s := must(Random{N: 1 << 61, Seed: 1}.Start(sp))
	seen := map[int64]bool{}
	for _, i := range s.Ask(10_000) {
		seen[i] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("%d distinct points of 10000", len(seen))
	}
}

func TestLatinHypercubeIsStratified(t *testing.T) {
	for _, lengths := range [][]int{{64, 64, 5}, {7, 3, 11, 2, 13}, {1000, 2}, {300, 300}, {40}, {5, 5, 5}} {
		for _, n := range []int{1, 2, 10, 37, 40} {
			for seed := range uint64(5) {
				sp := boxSpace(lengths...)
				points := latinHypercube(sp, n, seed)
				checkStrata(t, sp, points, fmt.Sprint(lengths, " n ", n, " seed ", seed))
			}
		}
	}
}

func checkStrata(t *testing.T, sp *space.Space, points []int64, name string) {
	t.Helper()
	n := float64(len(points))
	for axis := range sp.Axes() {
		length := sp.Axis(axis).Len()
		uses := make([]float64, length)
		for _, p := range points {
			uses[sp.Coords(p)[axis]]++
		}
		low, high := math.Floor(n/float64(length)), math.Ceil(n/float64(length))
		if least, most := slices.Min(uses), slices.Max(uses); least < low || most > high {
			t.Errorf("%s: values of axis %d are used %v to %v times, want %v to %v", name, axis, least, most, low, high)
		}
	}
	sorted := slices.Sorted(slices.Values(points))
	if len(slices.Compact(sorted)) != len(points) {
		t.Errorf("%s: duplicates", name)
	}
}

// Close to the size of the space an even spread without duplicates may not exist; distinct points still must.
func TestCrowdedLatinHypercubeIsDistinct(t *testing.T) {
	for _, lengths := range [][]int{{2, 2, 2}, {3, 3}, {5, 2}, {4, 1, 3}, {2, 2, 2, 2, 2}} {
		sp := boxSpace(lengths...)
		for n := 1; n <= int(sp.Size()); n++ {
			for seed := range uint64(10) {
				points := slices.Sorted(slices.Values(latinHypercube(sp, n, seed)))
				if len(slices.Compact(points)) != n {
					t.Errorf("%v, n %d, seed %d: %v", lengths, n, seed, points)
				}
			}
		}
	}
}

func TestLatinHypercubeReachesEveryValue(t *testing.T) {
	uses := make([]int, 10)
	for seed := range uint64(1000) {
		for _, p := range latinHypercube(boxSpace(10), 3, seed) {
			uses[p]++
		}
	}
	for value, n := range uses {
		if n < 230 || n > 370 {
			t.Errorf("value %d drawn %d times of 3000, want about 300: %v", value, n, uses)
		}
	}
}

// drive runs a strategy to its end, up to so many points at a time.
func drive(s Strategy, batch int, evaluate func(points []int64) []Result) {
	for points := s.Ask(batch); len(points) > 0; points = s.Ask(batch) {
		s.Tell(evaluate(points))
	}
}

func TestPlanMistakes(t *testing.T) {
	for want, plan := range map[string]Plan{
		"random n is 0, want at least 1":                       Random{},
		"latin hypercube n is -3, want at least 1":             LatinHypercube{N: -3},
		"latin hypercube n is 33554432, want at most 16777216": LatinHypercube{N: 1 << 25},
	} {
		if _, err := plan.Start(boxSpace(1<<20, 1<<20)); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestBrokenResultsPanic(t *testing.T) {
	start := func(plan Plan) (Strategy, int64) {
		s := must(plan.Start(boxSpace(100)))
		return s, s.Ask(1)[0]
	}
	nsga2 := DefaultNSGA2(2, 50, 1)
	for name, f := range map[string]func(){
		"more results than points": func() {
			s, _ := start(Grid{})
			s.Tell(make([]Result, 2))
		},
		"a point not asked": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: (i + 1) % 100, Objectives: []float64{1, 2}}})
		},
		"a result told twice": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: i, Objectives: []float64{1, 2}}, {Index: i, Objectives: []float64{1, 2}}})
		},
		"too few objectives": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: i, Objectives: []float64{1}}})
		},
		"no objectives of a legal point": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: i}})
		},
		"an infinite objective": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: i, Objectives: []float64{1, math.Inf(1)}}})
		},
		"a negative violation": func() {
			s, i := start(nsga2)
			s.Tell([]Result{{Index: i, Violation: -1}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func BenchmarkRandomAsk(b *testing.B) {
	s := must(Random{N: 1 << 61, Seed: 1}.Start(boxSpace(1<<20, 1<<20, 1<<20)))
	b.ReportAllocs()
	for b.Loop() {
		s.Ask(1024)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/point")
}
