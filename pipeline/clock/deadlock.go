package clock

import (
	"fmt"
	"slices"
	"strings"
)

// Deadlock says that nothing can move and work is left.
type Deadlock struct {
	At      Cycle     // of the last beat that moved, -1 if none did
	Chain   []string  // who waits on whom, from the sink to where it ends
	Waits   []Waiting // the same as data
	Loop    bool      // the chain bites its own tail; otherwise it ends at a shut gate
	Culprit string    // the full FIFO in the loop, empty when there is none
	Depth   int       // of the culprit
	Relief  *Relief   // what frees the design, nil when that was not tried
	Stopped *Result   // what happened until then
}

func (d *Deadlock) Error() string {
	var b strings.Builder
	after := "at all"
	if d.At >= 0 {
		after = fmt.Sprintf("after cycle %d", d.At)
	}
	fmt.Fprintf(&b, "deadlock: nothing moves %s and work is left", after)
	for _, c := range d.told() {
		fmt.Fprintf(&b, "\n  %s", c)
	}
	if remedy := d.remedy(); remedy != "" {
		b.WriteString("\n  " + remedy)
	}
	return b.String()
}

// leadIn is how many stages that wait for the loop, but are not in it, are told of.
const leadIn = 4

// told is the chain, of which a long way to the loop is left out.
func (d *Deadlock) told() []string {
	first := slices.IndexFunc(d.Waits, func(w Waiting) bool { return w.Loop })
	if first <= leadIn || len(d.Chain) != len(d.Waits) {
		return d.Chain
	}
	list := append([]string{}, d.Chain[:leadIn/2]...)
	list = append(list, fmt.Sprintf("... %d stages upstream wait for beats, too, up to the loop:", first-leadIn/2))
	return append(list, d.Chain[first:]...)
}

// remedy says which FIFOs are to be deeper, empty when none is to blame.
func (d *Deadlock) remedy() string {
	full := ""
	if d.Culprit != "" {
		full = fmt.Sprintf("FIFO %s (depth %d) is full in this loop", d.Culprit, d.Depth)
	}
	r := d.Relief
	switch {
	case r == nil:
		return full
	case r.Depth == 0:
		return full + "; no depth of it alone frees the design"
	case len(r.Also) > 0:
		text := fmt.Sprintf("%s: %d", r.Edge, r.Depth)
		for _, also := range r.Also {
			text += fmt.Sprintf(", %s: %d", also.Edge, also.Depth)
		}
		return full + "; these depths together free the design: " + text
	case r.Edge == d.Culprit:
		return fmt.Sprintf("%s; depth %d frees it", full, r.Depth)
	case r.Was == 0:
		return strings.TrimPrefix(fmt.Sprintf("%s; a FIFO of depth %d in the place of wire %s frees the design", full, r.Depth, r.Edge), "; ")
	}
	return fmt.Sprintf("%s; depth %d of %s (now %d) frees the design", full, r.Depth, r.Edge, r.Was)
}

// Waiting is a stage of a deadlock and what it waits for.
type Waiting struct {
	Stage string `json:"stage"`
	Node  int    `json:"-"`         // of the plan
	For   string `json:"waits_for"` // beat, room, pattern (of the port outside) or nothing
	Edge  string `json:"fifo,omitempty"`
	Fill  int64  `json:"fill"`
	Depth int64  `json:"depth"`
	Loop  bool   `json:"in_loop"` // it waits for itself in the end
}

// waiting is w of process i.
func (s *solver) waiting(i int, w Wait) Waiting {
	out := Waiting{Stage: s.procs[i].Accounts()[0].Name, Node: i, For: "nothing"}
	switch w.Cause {
	case Starved:
		out.For = "beat"
	case Blocked:
		out.For = "room"
	case Throttled:
		out.For = "pattern"
	}
	if w.Edge != nil {
		out.Edge, out.Fill, out.Depth = w.Edge.name, w.Edge.sent-w.Edge.taken, w.Edge.depth
	}
	return out
}

// Leftover says that a run finished with beats nobody took.
type Leftover struct {
	Edge  string
	Beats int64
}

func (l *Leftover) Error() string {
	return fmt.Sprintf("leftover: %d beats stay on %s after the last output", l.Beats, l.Edge)
}

// leftover looks for beats before processes that have finished and hold nothing. One that
// still offers a beat is stuck behind the last output, as the loop of a deadlock is that
// only the next frame would run into.
func (s *solver) leftover() error {
	for _, p := range s.procs {
		stuck := slices.ContainsFunc(p.out, func(e *Edge) bool { return !e.Free() })
		if stuck || p.Waiting().Cause != Finished {
			continue
		}
		for _, e := range p.in {
			if e.offered > e.taken {
				return &Leftover{Edge: e.name, Beats: e.offered - e.taken}
			}
		}
	}
	return nil
}

// deadlock follows who waits on whom from an unfinished sink; nil when all
// sinks have finished.
func (s *solver) deadlock() *Deadlock {
	start := -1
	for i, p := range s.procs {
		if k, ok := p.Process.(interface{ unfinished() bool }); ok && k.unfinished() {
			start = i
			break
		}
	}
	if start < 0 {
		return nil
	}
	d := &Deadlock{At: s.newest()}
	seen := map[int]int{}
	var path []Wait
	at := start
	for {
		if from, again := seen[at]; again {
			d.Loop = true
			for i := from; i < len(d.Waits); i++ {
				d.Waits[i].Loop = true
			}
			d.blame(path[from:])
			return d
		}
		seen[at] = len(path)
		w := s.procs[at].Waiting()
		path = append(path, w)
		next, line := s.follow(at, w)
		d.Chain, d.Waits = append(d.Chain, line), append(d.Waits, s.waiting(at, w))
		if next < 0 {
			return d
		}
		at = next
	}
}

// follow returns the process that process i waits for, -1 when it waits for
// none, and a line that says so.
func (s *solver) follow(i int, w Wait) (int, string) {
	name := s.procs[i].Accounts()[0].Name
	switch w.Cause {
	case Starved:
		return s.find(w.Edge, true), fmt.Sprintf("%s waits for a beat on %s (empty)", name, w.Edge.name)
	case Blocked:
		if w.Edge == nil {
			return -1, fmt.Sprintf("%s waits for room in its own buffer, full of beats it still needs", name)
		}
		return s.find(w.Edge, false), fmt.Sprintf("%s waits for room on %s (%s)", name, w.Edge.name, w.Edge.held())
	case Throttled:
		return -1, fmt.Sprintf("%s: its pattern never opens again", name)
	}
	return -1, fmt.Sprintf("%s has finished: it makes fewer beats than are waited for", name)
}

func (e *Edge) held() string {
	if e.depth == 0 {
		return "a wire, its beat not taken"
	}
	return fmt.Sprintf("full: %d of %d", e.sent-e.taken, e.depth)
}

func (s *solver) find(e *Edge, producer bool) int {
	for i, p := range s.procs {
		edges := p.in
		if producer {
			edges = p.out
		}
		for _, x := range edges {
			if x == e {
				return i
			}
		}
	}
	return -1
}

// blame names the first full FIFO of the loop.
func (d *Deadlock) blame(loop []Wait) {
	for _, w := range loop {
		if w.Cause == Blocked && w.Edge.depth > 0 {
			d.Culprit, d.Depth = w.Edge.name, int(w.Edge.depth)
			return
		}
	}
}

// newest is the cycle in which a beat moved last, -1 if none did.
func (s *solver) newest() Cycle {
	t := Cycle(-1)
	for i := range s.edges {
		t = max(t, s.edges[i].newest())
	}
	return t
}
