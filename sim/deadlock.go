package sim

import (
	"bufio"
	"fmt"
	"io"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// DeadlockReport is what is said of a run that cannot finish.
type DeadlockReport struct {
	Hardware string `json:"hardware"`
	Model    string `json:"model,omitempty"`
	Layer    string `json:"layer,omitempty"`
	Deadlock struct {
		Cycle    int64           `json:"cycle"` // of the last beat that moved, -1 if none did
		Loop     bool            `json:"loop"`  // those that wait, wait for each other
		FullFIFO string          `json:"full_fifo,omitempty"`
		Relief   *clock.Relief   `json:"relief,omitempty"` // the least that frees the design
		Waits    []clock.Waiting `json:"waits"`            // from a sink upstream
	} `json:"deadlock"`
}

// ReportDeadlock makes the report of a deadlock.
func ReportDeadlock(hardware, model, layer string, d *clock.Deadlock) *DeadlockReport {
	r := &DeadlockReport{Hardware: hardware, Model: model, Layer: layer}
	r.Deadlock.Cycle, r.Deadlock.Loop, r.Deadlock.FullFIFO = int64(d.At), d.Loop, d.Culprit
	r.Deadlock.Relief, r.Deadlock.Waits = d.Relief, d.Waits
	return r
}

// WriteDOT draws a plan for Graphviz: a box a stage, those of a layer framed, an arrow
// an edge with its depth. Of a deadlock, unless it is nil, who waits for whom is drawn
// dashed, and in red what is in its loop.
func WriteDOT(w io.Writer, p *pipeline.Plan, d *clock.Deadlock) error {
	g := &dot{w: bufio.NewWriter(w), plan: p, waits: map[string]clock.Waiting{}, stuck: map[int]bool{}}
	if d != nil {
		for _, wait := range d.Waits {
			if wait.Edge != "" {
				g.waits[wait.Edge] = wait
			}
			g.stuck[wait.Node] = g.stuck[wait.Node] || wait.Loop
		}
	}
	g.printf("digraph plan {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	g.layers()
	for _, e := range p.Edges {
		g.edge(e)
	}
	g.printf("}\n")
	return g.w.Flush()
}

type dot struct {
	w     *bufio.Writer
	plan  *pipeline.Plan
	waits map[string]clock.Waiting // by edge
	stuck map[int]bool             // nodes in the loop
}

func (g *dot) printf(format string, args ...any) { fmt.Fprintf(g.w, format, args...) }

// quoted is a text as DOT has it.
func quoted(s string) string { return fmt.Sprintf("%q", strictyaml.Visible(s, false)) }

// layers draws the nodes, in a frame for each layer.
func (g *dot) layers() {
	var names []string
	nodes := map[string][]int{}
	for i, n := range g.plan.Nodes {
		if len(nodes[n.Layer]) == 0 {
			names = append(names, n.Layer)
		}
		nodes[n.Layer] = append(nodes[n.Layer], i)
	}
	for i, name := range names {
		if name != "" {
			g.printf("  subgraph cluster%d {\n    label=%s; color=gray;\n", i, quoted(name))
		}
		for _, n := range nodes[name] {
			style := ""
			if g.stuck[n] {
				style = ", color=red, penwidth=2"
			}
			g.printf("    n%d [label=%s%s];\n", n, quoted(g.plan.Nodes[n].Block.Kind()), style)
		}
		if name != "" {
			g.printf("  }\n")
		}
	}
}

// edge draws an edge, and what a stage waits for on it.
func (g *dot) edge(e pipeline.Edge) {
	label := fmt.Sprint(e.Depth)
	if e.Depth == 0 {
		label = "wire"
	}
	style := ""
	if w, waits := g.waits[e.Name]; waits {
		if e.Depth > 0 {
			label = fmt.Sprintf("%d of %d", w.Fill, e.Depth)
		}
		label += ", waits for " + w.For
		style = ", style=dashed"
		if w.Loop {
			style = ", color=red, fontcolor=red, penwidth=2"
		}
	}
	g.printf("  n%d -> n%d [label=%s, tooltip=%s%s];\n", e.From.Node, e.To.Node, quoted(label), quoted(e.Name), style)
}
