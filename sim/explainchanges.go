package sim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

const (
	mostChanges = 3   // told
	worthTold   = 1.0 // percent fewer cycles a frame
	mostFIFOs   = 6   // tried alone: those full for most cycles
	stepFIFO    = 8   // by which they are deeper
)

// proposal is a change to be tried: its words and the hardware that has it.
type proposal struct {
	what string
	hw   *configs.Hardware
}

// changes simulates what might help and keeps the cheapest.
func (e *explainer) changes(x *Explanation, progress func(done, total int)) (err error) {
	list := slices.Concat(e.ports(), e.layersFaster(), e.fifos())
	x.Tried = len(list)
	x.Changes, err = cheapest(e.ctx, list, progress, (*Change).gain, func(hw *configs.Hardware) (c Change, err error) {
		m, err := e.run(hw)
		if err != nil {
			return c, err
		}
		c.More = m.cost.Plus(e.now.cost.Times(-1))
		c.Gain = Gain{Interval: m.interval, Percent: 100 * (e.now.interval - m.interval) / e.now.interval, price: e.price(c.More)}
		return c, nil
	})
	return err
}

// cheapest tries proposals and keeps the cheapest that help: none that gains no more
// than a cheaper one.
func cheapest[C any](ctx context.Context, list []proposal, progress func(done, total int), gain func(*C) *Gain, try func(*configs.Hardware) (C, error)) ([]C, error) {
	var found []C
	for i, p := range list {
		if progress != nil {
			progress(i, len(list))
		}
		c, err := try(p.hw)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if g := gain(&c); err == nil && g.Percent >= worthTold { // else no such design, or one that deadlocks
			g.What = p.what
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b C) int {
		return cmp.Or(cmp.Compare(gain(&a).price, gain(&b).price), cmp.Compare(gain(&b).Percent, gain(&a).Percent))
	})
	kept, most := []C{}, 0.0
	for _, c := range found {
		if g := gain(&c); len(kept) < mostChanges && g.Percent > most {
			kept, most = append(kept, c), g.Percent
		}
	}
	return kept, nil
}

// usual is the board whose proportions say what a resource is worth where the
// hardware is on none.
const usual = "zcu104"

// boardOf is the board that a hardware is on, or the usual one.
func boardOf(hw *configs.Hardware) resources.Board {
	if b := hw.Device(); b != nil {
		return *b
	}
	b, _ := resources.LoadBoard(usual) // which is shipped
	return b
}

// price is the sum of the shares of the board.
func (e *explainer) price(more resources.Amount) (sum float64) {
	has := boardOf(e.Hardware).Available.Amount()
	for _, r := range resources.Resources() {
		if has.Of(r) > 0 {
			sum += float64(more.Of(r)) / float64(has.Of(r))
		}
	}
	return sum
}

// ports opens sources and sinks in every cycle, if they hold anything back.
func (e *explainer) ports() (list []proposal) {
	for _, s := range e.now.time.Stages {
		if s.Of(clock.Throttled)*100 < s.Total() {
			continue
		}
		hw := *e.Hardware
		what := "source"
		switch e.now.plan.Nodes[s.Node].Block.(type) {
		case wiring.Source:
			hw.Source = configs.Handshake{}
		case wiring.Sink:
			what, hw.Sink = "sink", configs.Handshake{}
		case pe.Weights:
			list = append(list, e.widerPort(list)...)
			continue
		default:
			continue
		}
		what += ": {pattern: full}"
		if !slices.ContainsFunc(list, func(p proposal) bool { return p.what == what }) {
			list = append(list, proposal{what, &hw})
		}
	}
	return list
}

// widerPort is the port to the DRAM with twice its bandwidth, unless that is proposed
// already.
func (e *explainer) widerPort(list []proposal) []proposal {
	rate, err := e.Hardware.Bandwidth()
	if err != nil {
		return nil
	}
	hw := *e.Hardware
	hw.DRAM.BytesPerCycle = 2 * rate
	what := fmt.Sprintf("dram: {bytes_per_cycle: %g}", 2*rate)
	if slices.ContainsFunc(list, func(p proposal) bool { return p.what == what }) {
		return nil
	}
	return []proposal{{what, &hw}}
}

// layersFaster gives the layers that are about as slow as the slowest more multipliers,
// or another window: all of them at once, for one alone would change nothing.
func (e *explainer) layersFaster() (list []proposal) {
	folds := e.folds()
	add := func(keys func(f sched.Fold) string) {
		if p, ok := e.together(folds, keys); ok {
			list = append(list, p)
		}
	}
	widen := func(key string, now, all int) string {
		if next := nextDivisor(all, now); next > now {
			return fmt.Sprintf("%s: %d", key, next)
		}
		return ""
	}
	array := func(keys ...string) string {
		keys = slices.DeleteFunc(keys, func(k string) bool { return k == "" })
		if len(keys) == 0 {
			return ""
		}
		return "{array: {" + strings.Join(keys, ", ") + "}}"
	}
	more := func(f sched.Fold) string { return widen("pe", f.Array.PE, f.Shape.GroupOutChannels()) }
	wider := func(f sched.Fold) string { return widen("simd", f.Array.SIMD, f.Shape.GroupInChannels()) }
	beside := func(f sched.Fold) string { return widen("group_parallel", f.Array.GroupParallel, f.Shape.Groups) }
	add(func(f sched.Fold) string { return array(more(f)) })
	add(func(f sched.Fold) string { return array(wider(f)) })
	add(func(f sched.Fold) string { return array(more(f), wider(f)) })
	add(func(f sched.Fold) string { return array(beside(f)) })
	serial := func(f sched.Fold) bool { return f.Style == sched.Serial && f.Shape.Kernel.H*f.Shape.Kernel.W > 1 }
	add(func(f sched.Fold) string {
		if !serial(f) {
			return ""
		}
		return "{window: {style: parallel}}"
	})
	add(func(f sched.Fold) string {
		if !serial(f) || more(f) == "" {
			return ""
		}
		return "{window: {style: parallel}, array: {" + more(f) + "}}"
	})
	add(func(f sched.Fold) string { return "{window: {frame_overlap: true}}" })
	return list
}

// folds are those of the layers that limit, by name.
func (e *explainer) folds() map[string]sched.Fold {
	list := map[string]sched.Fold{}
	for _, n := range e.limits {
		list[e.now.plan.Nodes[n].Layer] = sched.Fold{}
	}
	for _, n := range e.now.plan.Nodes {
		if _, limits := list[n.Layer]; !limits {
			continue
		}
		switch b := n.Block.(type) {
		case pe.Array:
			list[n.Layer] = b.Fold
		case pe.Reduce:
			list[n.Layer] = b.Fold
		}
	}
	maps.DeleteFunc(list, func(_ string, f sched.Fold) bool { return f.Array.PE == 0 })
	return list
}

// together lays keys over the layers that have some.
func (e *explainer) together(folds map[string]sched.Fold, keys func(sched.Fold) string) (proposal, bool) {
	hw := e.Hardware
	var words []string
	for _, layer := range slices.Sorted(maps.Keys(folds)) {
		k := keys(folds[layer])
		if k == "" {
			continue
		}
		name := cmp.Or(layer, e.Layer)
		with, err := hw.With(name, k)
		if err != nil {
			continue
		}
		hw = with
		words = append(words, fmt.Sprintf("%s: %s", written(name), k))
	}
	return proposal{"layers: {" + strings.Join(words, ", ") + "}", hw}, len(words) > 0
}

// plainName is what needs no quotes as a key in YAML.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{3,}$`)

// written is a name as a key in a file.
func written(name string) string {
	if plainName.MatchString(name) && !slices.Contains([]string{"null", "true", "false"}, strings.ToLower(name)) {
		return name
	}
	return strconv.Quote(name)
}

// nextDivisor is the least divisor of n of at least twice what is there, else the
// largest.
func nextDivisor(n, now int) int {
	for d := 2 * now; d <= n; d++ {
		if n%d == 0 {
			return d
		}
	}
	return n
}

// fifos makes those deeper, each alone, that are full for most cycles while their
// reader starves for some of them, and all of them at once.
func (e *explainer) fifos() (list []proposal) {
	edges := slices.Clone(e.now.time.Edges)
	edges = slices.DeleteFunc(edges, func(u clock.EdgeUse) bool { return u.Full == 0 && u.Depth > 0 || u.Empty == 0 })
	slices.SortStableFunc(edges, func(a, b clock.EdgeUse) int { return cmp.Compare(min(b.Full, b.Empty), min(a.Full, a.Empty)) })
	deeper := func(uses ...clock.EdgeUse) proposal {
		hw := *e.Hardware
		hw.FIFO.Edges = maps.Clone(hw.FIFO.Edges)
		if hw.FIFO.Edges == nil {
			hw.FIFO.Edges = map[string]int{}
		}
		var words []string
		for _, u := range uses {
			depth := stepFIFO * max(1, u.Depth)
			hw.FIFO.Edges[u.Name] = depth
			words = append(words, fmt.Sprintf("%s: %d", written(u.Name), depth))
		}
		return proposal{"fifo: {edges: {" + strings.Join(words, ", ") + "}}", &hw}
	}
	edges = edges[:min(mostFIFOs, len(edges))]
	for _, u := range edges {
		list = append(list, deeper(u))
	}
	if len(edges) > 1 {
		list = append(list, deeper(edges...))
	}
	return list
}
