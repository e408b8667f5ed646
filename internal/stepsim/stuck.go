package stepsim

import (
	"fmt"
	"strings"
)

// StuckError says that a run did not finish, and who waits on whom in its last cycle.
type StuckError struct {
	Cycle    Cycle // the last one simulated
	LastMove Cycle // the last one with a handshake on any edge, -1 if there was none
	Deadlock bool  // nothing can move any more; otherwise the allowed cycles have passed
	Waits    []Wait
}

// Wait is one process or FIFO that is not done.
type Wait struct {
	Who  string // such as array3
	Name Name   // of the last cycle; of a FIFO: starved when empty, blocked when not
	Held string // of a FIFO: beats held / depth
	On   string // whom it waits for; empty if it moved
}

// Error lists the waits, upstream first.
func (e *StuckError) Error() string {
	var b strings.Builder
	if e.Deadlock {
		fmt.Fprintf(&b, "deadlock in cycle %d", e.Cycle)
	} else {
		fmt.Fprintf(&b, "not finished after cycle %d", e.Cycle)
	}
	for i, w := range e.Waits {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		b.WriteString(sep + w.String())
	}
	return b.String()
}

// String returns for example "window2 blocked by fifo3".
func (w Wait) String() string {
	who := w.Who
	if w.Held != "" {
		who += " (" + w.Held + ")"
	}
	if w.On == "" {
		return who + " " + w.Name.String()
	}
	return who + " " + w.Name.String() + " by " + w.On
}

// stuck describes the cycle that was simulated last.
func (r *run) stuck(deadlock bool) error {
	err := &StuckError{Cycle: r.total - 1, LastMove: r.lastMove, Deadlock: deadlock}
	for _, n := range r.nodes {
		for j := range n.labels {
			if w := r.wait(n, j); w.Name != Finished {
				err.Waits = append(err.Waits, w)
			}
		}
	}
	return err
}

// wait describes process j of a node, or the FIFO that the node is. A wire has nothing to say: it is called finished.
func (r *run) wait(n *running, j int) Wait {
	w := Wait{Who: n.labels[j], Name: Starved}
	switch {
	case n.fifo == nil:
		w.Name = n.names[j]
	case n.fifo.Depth == 0:
		w.Name = Finished
	default:
		if beats, _ := n.held(); beats > 0 {
			w.Name, w.Held = Blocked, fmt.Sprintf("%d/%d", beats, n.fifo.Depth)
		}
	}
	switch w.Name {
	case Starved:
		w.On = r.upstream(n, j)
	case Blocked, Turnaround:
		w.On = r.downstream(n, j)
	case Throttled:
		w.On = "its gate"
	}
	return w
}

// upstream returns whom process j of a node waits for when it is starved: its node's process before, else who
// should offer at the first input that has nothing.
func (r *run) upstream(n *running, j int) string {
	if j > 0 {
		return n.labels[j-1]
	}
	in := n.ports.in[0]
	for _, l := range n.ports.in {
		if !l.valid {
			in = l
			break
		}
	}
	for _, m := range r.nodes {
		for _, l := range m.ports.out {
			if l == in {
				return r.named(m, len(m.labels)-1, r.upstream)
			}
		}
	}
	return ""
}

// downstream returns whom process j waits for when it is blocked: its node's process behind, else who should
// take at the first output that is not ready.
func (r *run) downstream(n *running, j int) string {
	if j < len(n.labels)-1 {
		return n.labels[j+1]
	}
	out := n.ports.out[0]
	for _, l := range n.ports.out {
		if !l.ready {
			out = l
			break
		}
	}
	for _, m := range r.nodes {
		for _, l := range m.ports.in {
			if l == out {
				return r.named(m, 0, r.downstream)
			}
		}
	}
	return ""
}

// named returns the label of a node; a wire is looked through.
func (r *run) named(n *running, j int, beyond func(*running, int) string) string {
	if len(n.labels) == 0 || n.fifo != nil && n.fifo.Depth == 0 {
		return beyond(n, 0)
	}
	return n.labels[j]
}
