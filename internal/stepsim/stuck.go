package stepsim

import (
	"fmt"
	"strings"
)

// StuckError says that a run did not finish, and who waits on whom in its last cycle.
type StuckError struct {
	Cycle    Cycle // the last one simulated
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
	all := r.standing()
	err := &StuckError{Cycle: r.total - 1, Deadlock: deadlock}
	for i, w := range all {
		switch w.Name {
		case Finished:
			continue
		case Starved:
			w.On = all[i-1].Who
		case Blocked, Turnaround:
			w.On = all[i+1].Who
		case Throttled:
			w.On = "its gate"
		}
		err.Waits = append(err.Waits, w)
	}
	return err
}

// standing lists processes and FIFOs in chain order.
func (r *run) standing() []Wait {
	var list []Wait
	for i, s := range r.chain.Stages {
		if f, ok := s.(FIFO); ok && f.Depth > 0 {
			w := Wait{Who: processName(kindFIFO, i), Name: Starved}
			if n := r.occupancy(i); n > 0 {
				w.Name, w.Held = Blocked, fmt.Sprintf("%d/%d", n, f.Depth)
			}
			list = append(list, w)
		}
		for j, k := range s.kinds() {
			list = append(list, Wait{Who: processName(k, i), Name: r.slots[i][j]})
		}
	}
	return list
}
