package runs

import (
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// way is the first frame on its way through a plan.
type way struct {
	plan    *pipeline.Plan
	time    *clock.Result
	in, out [][]int
	steps   []runpage.Step // by node
}

// first follows the first frame: when its beats go into every block, or every layer of
// a network, when results come out, and by how much each delays the first output.
func first(p *pipeline.Plan, t *clock.Result) []runpage.Step {
	w := &way{plan: p, time: t, steps: make([]runpage.Step, len(p.Nodes))}
	w.in, w.out = p.Wiring()
	for i := range p.Nodes {
		if !w.step(i) {
			return nil
		}
	}
	w.delays()
	return w.layers()
}

// step finds the times of a node; false when its first frame does not come out, as
// of a run without frames.
func (w *way) step(i int) bool {
	s := &w.steps[i]
	s.Name = w.plan.Nodes[i].Name()
	for at, e := range w.in[i] {
		if t, _ := w.time.Passing[e].Out.Nth(0); at == 0 || int64(t) < s.In {
			s.In = int64(t)
		}
	}
	ends, entering := w.out[i], true
	if len(ends) == 0 {
		ends, entering = w.in[i], false
	}
	for at, e := range ends {
		h := w.time.Passing[e].Out
		if entering {
			h = w.time.Passing[e].In
		}
		first, _ := h.Nth(0)
		last, exact := h.Nth(min(w.plan.Edges[e].Stream.Frame(), w.time.Edges[e].Beats) - 1)
		if first == clock.Never || last == clock.Never {
			return false
		}
		if at == 0 || int64(first) < s.First {
			s.First = int64(first)
		}
		s.Last, s.About = max(s.Last, int64(last)), s.About || !exact
	}
	if len(w.in[i]) == 0 {
		s.In = s.First
	}
	return len(ends) > 0
}

// delays walks back from the last sink along what came last, and says by how much
// each block on that way delays the first output.
func (w *way) delays() {
	at := len(w.steps) - 1
	for {
		before := -1
		for _, e := range w.in[at] {
			if from := w.plan.Edges[e].From.Node; before < 0 || w.steps[from].First > w.steps[before].First {
				before = from
			}
		}
		if before < 0 {
			w.steps[at].Adds = w.steps[at].First
			return
		}
		w.steps[at].Adds = w.steps[at].First - w.steps[before].First
		at = before
	}
}

// layers joins the steps of the blocks of one layer.
func (w *way) layers() []runpage.Step {
	if w.plan.Nodes[len(w.plan.Nodes)-1].Layer == "" {
		return w.steps
	}
	var steps []runpage.Step
	at := map[string]int{}
	for i, s := range w.steps {
		layer := w.plan.Nodes[i].Layer
		k, known := at[layer]
		if !known {
			at[layer] = len(steps)
			s.Name = layer
			steps = append(steps, s)
			continue
		}
		l := &steps[k]
		l.In, l.First, l.Last = min(l.In, s.In), max(l.First, s.First), max(l.Last, s.Last)
		l.About, l.Adds = l.About || s.About, l.Adds+s.Adds
	}
	return steps
}
