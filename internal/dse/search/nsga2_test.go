package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/space"
)

const unlimited = 1e12 // microseconds

// mute drops the objectives of illegal points, as an evaluation that gives up early does.
func mute(p problem) problem {
	inner := p.evaluate
	p.evaluate = func(v []space.Value) ([]float64, float64) {
		objectives, violation := inner(v)
		if violation > 0 {
			return nil, violation
		}
		return objectives, 0
	}
	return p
}

// A tenth of the space must give nearly the whole front. The hypervolume alone is a weak measure (random
// sampling passes 95 % on most of these problems), so the exact members found count too, and random sampling
// must fall short of them.
func TestNSGA2FindsTheFrontWithATenthOfTheSpace(t *testing.T) {
	tests := []struct {
		name    string
		problem problem
		volume  float64 // least share of the hypervolume
		members float64 // least share of the front found exactly
	}{
		{"folded, 2 objectives", folded(2, unlimited), 0.999, 1},
		{"folded, 3 objectives", folded(3, unlimited), 0.998, 0.9},
		{"1 % legal, 2 objectives", folded(2, 700), 0.999, 1},
		{"1 % legal, 3 objectives", folded(3, 700), 0.99, 0.9},
		{"1 % legal, illegal points silent", mute(folded(3, 700)), 0.95, 0.7},
		{"ragged, 2 objectives", ragged(2), 0.998, 0.95},
		{"ragged, 3 objectives", ragged(3), 0.98, 0.85},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			whole := tt.problem.exhaustive()
			budget := int(tt.problem.sp.Size() / 10)
			for seed := range uint64(10) {
				found, evaluated := tt.problem.frontOf(t, DefaultNSGA2(tt.problem.objectives, budget, seed))
				volume, members := share(found, whole), hits(found, whole)
				if evaluated != budget || volume < tt.volume || members < tt.members {
					t.Errorf("seed %d: %d points gave %.4f of the volume and %.3f of the members; want %d, %v, %v",
						seed, evaluated, volume, members, budget, tt.volume, tt.members)
				}
				random, _ := tt.problem.frontOf(t, Random{N: int64(budget), Seed: seed})
				if h := hits(random, whole); h > 0.6 {
					t.Errorf("seed %d: random sampling found %.3f of the members; the problem is too easy to tell", seed, h)
				}
			}
		})
	}
}

func TestNSGA2ConvergesOnZDT(t *testing.T) {
	const levels = 64
	for n := 1; n <= 3; n++ {
		p, whole := zdt(n, 10, levels), zdtFront(n, levels)
		for _, local := range []float64{0, 1. / 3} {
			plan := DefaultNSGA2(2, 8000, 1)
			plan.Local = local
			found, _ := p.frontOf(t, plan)
			if got := share(found, whole); got < 0.99 {
				t.Errorf("ZDT%d, local %.2f: %.4f of the hypervolume, want 0.99", n, local, got)
			}
		}
		random, _ := p.frontOf(t, Random{N: 8000, Seed: 1})
		if got := share(random, whole); got > 0.5 {
			t.Errorf("ZDT%d: random sampling reaches %.4f, the problem is too easy to tell", n, got)
		}
	}
}

func TestLocalSearchPays(t *testing.T) {
	p := folded(3, unlimited)
	whole := p.exhaustive()
	with, without := 0., 0.
	for seed := range uint64(5) {
		plan := DefaultNSGA2(3, 2160, seed)
		found, _ := p.frontOf(t, plan)
		with += hits(found, whole) / 5
		plan.Local = 0
		found, _ = p.frontOf(t, plan)
		without += hits(found, whole) / 5
	}
	if with < without+0.05 {
		t.Errorf("members found: %.3f with local search, %.3f without", with, without)
	}
}

func TestNSGA2OfASmallSpaceIsExhaustive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(1, 5), 0, 4).Draw(t, "lengths")
		sp := boxSpace(lengths...)
		costs := rapid.SliceOfN(rapid.IntRange(-1, 5), int(sp.Size())*2, int(sp.Size())*2).Draw(t, "costs")
		plan := DefaultNSGA2(2, int(sp.Size())+rapid.IntRange(0, 50).Draw(t, "surplus"), 3)
		plan.Population = rapid.IntRange(2, 20).Draw(t, "population")
		strategy := must(plan.Start(sp)).(*Evolution)
		want := pareto.New(2, pareto.AllTies)
		evaluated := int64(0)
		drive(strategy, 7, func(points []int64) []Result {
			var results []Result
			for _, i := range points {
				r := Result{Index: i, Objectives: []float64{float64(costs[2*i]), float64(costs[2*i+1])}}
				if costs[2*i] < 0 {
					r = Result{Index: i, Violation: 1}
				} else {
					want.Insert(i, r.Objectives)
				}
				results = append(results, r)
				evaluated++
			}
			return results
		})
		if evaluated != sp.Size() || strategy.Total() != sp.Size() {
			t.Fatalf("evaluated %d of %d, total %d", evaluated, sp.Size(), strategy.Total())
		}
		if diff := cmp.Diff(want.Front(), strategy.Front()); diff != "" {
			t.Fatalf("front (-want +got):\n%s", diff)
		}
	})
}

func TestAskWaitsForTheGeneration(t *testing.T) {
	p := ragged(2)
	plan := DefaultNSGA2(2, 100, 1)
	plan.Population = 10
	s := must(plan.Start(p.sp))
	first := s.Ask(1000)
	if len(first) != 10 {
		t.Fatalf("asked %d points, want a generation of 10", len(first))
	}
	s.Tell(p.results(first[1:]))
	if early := s.Ask(1000); len(early) != 0 {
		t.Errorf("asked %d points while a result is owed", len(early))
	}
	s.Tell(p.results(first[:1]))
	if next := s.Ask(1000); len(next) != 10 {
		t.Errorf("asked %d points, want the next generation of 10", len(next))
	}
}

func TestNSGA2Mistakes(t *testing.T) {
	_, err := NSGA2{Crossover: 2, Local: -1, Population: 1}.Start(boxSpace(2))
	want := strings.Join([]string{
		"nsga2 objectives is 0, want at least 1",
		"nsga2 budget is 0, want at least 1",
		"nsga2 crossover is 2, want 0 .. 1",
		"nsga2 local is -1, want 0 .. 1",
		"nsga2 population is 1, want at least 2",
		"nsga2 mutation is 0, want more than 0 coordinates",
	}, "\n")
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// Without a legal point there is no front to search around; that share of the generation is drawn from the whole space.
func TestLocalShareLooksElsewhereWithoutAFront(t *testing.T) {
	sp := boxSpace(50, 50)
	plan := DefaultNSGA2(2, 100, 1)
	plan.Local = 0.5
	b := newBreeder(plan, sp)
	batch := b.breed(20, []individual{{index: 0, coords: []int{0, 0}}}, pareto.New(2, pareto.AllTies))
	draws := newPermutation(sp.Size(), plan.Seed)
	for i, m := range batch[:10] {
		if want := draws.at(int64(i)); m.index != want {
			t.Errorf("point %d is %d, want the draw %d", i, m.index, want)
		}
	}
}

func TestMovesStayOnTheAxis(t *testing.T) {
	sp := must(space.New(rangeAxis("a", 1), rangeAxis("b", 2), rangeAxis("c", 3), rangeAxis("d", 37),
		must(space.List("e", space.String("x"), space.String("y"), space.String("z")))))
	b := newBreeder(DefaultNSGA2(1, 1, 1), sp)
	for axis, length := range b.lengths {
		reached := map[int]bool{}
		for from := range length {
			for range 200 {
				to := b.move(axis, from)
				if to < 0 || to >= length || (to == from && length > 1) {
					t.Fatalf("axis %d of %d values: %d moved to %d", axis, length, from, to)
				}
				reached[to] = true
			}
		}
		if len(reached) != length {
			t.Errorf("axis %d: %d of %d values reached", axis, len(reached), length)
		}
	}
}

func TestAroundIsOneStepOnOrderedAxes(t *testing.T) {
	sp := must(space.New(rangeAxis("a", 5), must(space.List("b", space.String("x"), space.String("y"), space.String("z")))))
	b := newBreeder(DefaultNSGA2(1, 1, 1), sp)
	b.seen[sp.Index([]int{2, 1})] = true
	b.seen[sp.Index([]int{1, 1})] = true
	want := []int64{sp.Index([]int{3, 1}), sp.Index([]int{2, 0}), sp.Index([]int{2, 2})}
	if diff := cmp.Diff(want, b.around(sp.Index([]int{2, 1}))); diff != "" {
		t.Errorf("neighbours (-want +got):\n%s", diff)
	}
}

func BenchmarkAskTell(b *testing.B) {
	p := ragged(3)
	table := p.results(slices.Collect(func(yield func(int64) bool) {
		for i := range p.sp.Size() {
			if !yield(i) {
				return
			}
		}
	}))
	b.ReportAllocs()
	points := 0
	for b.Loop() {
		s := must(DefaultNSGA2(3, 2048, 1).Start(p.sp))
		drive(s, 64, func(asked []int64) []Result {
			results := make([]Result, len(asked))
			for i, index := range asked {
				results[i] = table[index]
			}
			points += len(asked)
			return results
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(points), "ns/point")
}
