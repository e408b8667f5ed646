package difference

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sim"
)

// Difference is what two runs differ in. Pairs hold what changed, the worst change first,
// what one run alone has last; Figures and Resources hold all, in their order.
type Difference struct {
	A         Side                `json:"a"`
	B         Side                `json:"b"`
	Same      bool                `json:"same"`
	Notes     []string            `json:"notes"`  // why the runs do not compare as they should
	Design    []Change            `json:"design"` // by keys of the hardware file if both are known, else of the report
	Figures   []Number            `json:"figures"`
	Stages    []Pair[StageShares] `json:"stages"`
	Layers    []Pair[LayerShares] `json:"layers"`
	FIFOs     []Pair[FIFOShares]  `json:"fifos"`
	Resources []Number            `json:"resources"`
}

// Side says which run is meant.
type Side struct {
	File     string `json:"file"`
	Kind     Kind   `json:"kind"`
	Hardware string `json:"hardware"`
	Workload string `json:"workload"`
}

// Change is a key of the design with two values; the empty one is not given.
type Change struct {
	Key string `json:"key"`
	A   string `json:"a"`
	B   string `json:"b"`
}

// Number is a figure of both runs, null where a run has none.
type Number struct {
	Key      string   `json:"key"`
	A        *float64 `json:"a"`
	B        *float64 `json:"b"`
	Change   *float64 `json:"change"`   // B - A
	Relative *float64 `json:"relative"` // Change / A; null if A is 0
}

// Pair is a part of both runs, null where a run has none of that name.
type Pair[T any] struct {
	Name string `json:"name"`
	A    *T     `json:"a"`
	B    *T     `json:"b"`
}

// StageShares is how a stage spent its cycles.
type StageShares struct {
	Busy    int64 `json:"busy"`
	Starved int64 `json:"starved"`
	Blocked int64 `json:"blocked"`
	Total   int64 `json:"total"`
}

// LayerShares is what a layer of a network takes.
type LayerShares struct {
	Cycles      float64 `json:"cycles"` // of a frame; layer by layer: of all
	Limit       string  `json:"limit"`
	Multipliers int64   `json:"multipliers,omitempty"`
}

// FIFOShares is what became of a FIFO.
type FIFOShares struct {
	Depth int   `json:"depth"`
	Peak  int64 `json:"max_occupancy"`
	Full  int64 `json:"full_cycles"`
}

// Compare finds what changed from a to b.
func Compare(a, b *Run) *Difference {
	d := &Difference{A: a.side(), B: b.side(), Notes: notes(a, b), Figures: numbers(a.Figures, b.Figures), Resources: numbers(costs(a), costs(b))}
	if a.Settings != nil && b.Settings != nil {
		d.Design = changes(a.Settings, b.Settings)
	} else {
		d.Design = slices.DeleteFunc(changes(a.Reported, b.Reported), valuesAlone)
	}
	d.Stages = pairs(a.Stages, b.Stages, func(s sim.StageUse) (string, StageShares) {
		return s.Name, StageShares{s.Busy, s.Starved, s.Blocked, s.Total}
	}, stageWeight)
	d.Layers = pairs(a.Layers, b.Layers, func(l Layer) (string, LayerShares) {
		return l.Name, LayerShares{l.Cycles, l.Limit, l.Multipliers}
	}, func(a, b LayerShares) float64 { return math.Abs(b.Cycles - a.Cycles) })
	d.FIFOs = pairs(a.FIFOs, b.FIFOs, func(f sim.FIFOUse) (string, FIFOShares) {
		return f.Name, FIFOShares{f.Depth, f.MaxOccupancy, f.FullCycles}
	}, func(a, b FIFOShares) float64 { return math.Abs(float64(b.Full - a.Full)) })
	changed := func(n Number) bool { return !equal(n.A, n.B) }
	d.Same = a.Workload == b.Workload && len(d.Notes)+len(d.Design)+len(d.Stages)+len(d.Layers)+len(d.FIFOs) == 0 &&
		!slices.ContainsFunc(d.Figures, changed) && !slices.ContainsFunc(d.Resources, changed)
	return d
}

func (r *Run) side() Side { return Side{r.File, r.Kind, r.Hardware, r.Workload} }

// notes say what is not alike although a comparison wants it to be.
func notes(a, b *Run) []string {
	notes := []string{}
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if a.Workload != b.Workload {
		add("not the same workload: %s and %s", a.Workload, b.Workload)
	}
	if a.Frames != b.Frames {
		add("not as many frames: %d and %d; the interval and frames/s compare, cycles do not", a.Frames, b.Frames)
	}
	if a.Kind != b.Kind {
		add("not the same kind of run: %s and %s", a.Kind, b.Kind)
	}
	if len(a.Outputs) > 0 && len(b.Outputs) > 0 && !maps.Equal(a.Outputs, b.Outputs) {
		add("the outputs are not the same")
	}
	if !slices.Equal(a.Gaps, b.Gaps) {
		add("the resources do not leave out the same: %d and %d gaps", len(a.Gaps), len(b.Gaps))
	}
	return notes
}

// costs are the resources as figures, none where they are not known.
func costs(r *Run) []Figure {
	if r.Cost == nil {
		return nil
	}
	var list []Figure
	for _, kind := range resources.Resources() {
		list = append(list, figure(string(kind), int64(r.Cost.Of(kind))))
	}
	return list
}

// matched are the names of both lists, those of a first; equal names go in turn.
func matched[T any](a, b []T, name func(T) string) []Pair[T] {
	at := map[string][]int{}
	list := []Pair[T]{}
	for _, one := range a {
		at[name(one)] = append(at[name(one)], len(list))
		list = append(list, Pair[T]{Name: name(one), A: &one})
	}
	for _, one := range b {
		if free := at[name(one)]; len(free) > 0 {
			list[free[0]].B, at[name(one)] = &one, free[1:]
			continue
		}
		list = append(list, Pair[T]{Name: name(one), B: &one})
	}
	return list
}

// changes are the settings that are not the same.
func changes(a, b []configs.Setting) []Change {
	list := []Change{}
	for _, p := range matched(a, b, func(s configs.Setting) string { return s.Key }) {
		c := Change{Key: p.Name}
		if p.A != nil {
			c.A = p.A.Value
		}
		if p.B != nil {
			c.B = p.B.Value
		}
		if c.A != c.B {
			list = append(list, c)
		}
	}
	return list
}

// valuesAlone tells what a report says of the design only if values ran.
func valuesAlone(c Change) bool {
	return strings.HasPrefix(c.Key, "accumulator.") && (c.A == "" || c.B == "")
}

// numbers are all figures of both.
func numbers(a, b []Figure) []Number {
	list := []Number{}
	for _, p := range matched(a, b, func(f Figure) string { return f.Key }) {
		n := Number{Key: p.Name}
		if p.A != nil {
			n.A = p.A.Value
		}
		if p.B != nil {
			n.B = p.B.Value
		}
		if n.A != nil && n.B != nil {
			change := *n.B - *n.A
			n.Change = &change
			if *n.A != 0 {
				relative := change / *n.A
				n.Relative = &relative
			}
		}
		list = append(list, n)
	}
	return list
}

// equal compares what may be missing.
func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// pairs are the parts that are not the same: the heaviest first, those of one run alone last.
func pairs[T any, S comparable](a, b []T, of func(T) (string, S), weight func(a, b S) float64) []Pair[S] {
	list := []Pair[S]{}
	shares := func(one *T) *S {
		if one == nil {
			return nil
		}
		_, s := of(*one)
		return &s
	}
	for _, p := range matched(a, b, func(one T) string { name, _ := of(one); return name }) {
		if s := (Pair[S]{p.Name, shares(p.A), shares(p.B)}); !equal(s.A, s.B) {
			list = append(list, s)
		}
	}
	heavy := func(p Pair[S]) float64 {
		if p.A == nil || p.B == nil {
			return -1
		}
		return weight(*p.A, *p.B)
	}
	slices.SortStableFunc(list, func(a, b Pair[S]) int { return cmp.Compare(heavy(b), heavy(a)) })
	return list
}

// stageWeight is the largest change of a share of the cycles.
func stageWeight(a, b StageShares) float64 {
	moved := func(a, ofA, b, ofB int64) float64 { return math.Abs(share(b, ofB) - share(a, ofA)) }
	return max(moved(a.Busy, a.Total, b.Busy, b.Total), moved(a.Starved, a.Total, b.Starved, b.Total), moved(a.Blocked, a.Total, b.Blocked, b.Total))
}

func share(n, of int64) float64 { return float64(n) / float64(max(1, of)) }
