package clock

import "sort"

// Gates are mostly asked about a cycle soon after the last one they were asked about. So those whose
// patterns are found by dividing remember where that was. It changes no answer.

// bursts is Burst on its way.
type bursts struct {
	Burst
	from Cycle // the start of a burst
}

// Next returns the first open cycle at or after t.
func (g *bursts) Next(t Cycle) Cycle {
	at, period := t-g.from, g.On+g.Off
	if at < 0 || at >= period {
		if at -= period; at < 0 || at >= period { // it is not the next one either
			at = t % period
		}
		g.from = t - at
	}
	if at >= g.On {
		return g.from + period
	}
	return t
}

// listed is List on its way.
type listed struct {
	List
	start Cycle // of the repetition asked about last
	next  int   // in the list, the cycle found then
}

// Next returns the first listed cycle at or after t.
func (g *listed) Next(t Cycle) Cycle {
	if g.Repeat > 0 && (t < g.start || t >= g.start+g.Repeat) {
		g.start, g.next = t-t%g.Repeat, 0
	}
	at := t - g.start
	if !g.first(g.next, at) {
		if g.next++; !g.first(g.next, at) {
			g.next = sort.Search(len(g.Cycles), func(i int) bool { return g.Cycles[i] >= at })
		}
	}
	switch {
	case g.next < len(g.Cycles):
		return g.start + g.Cycles[g.next]
	case g.Repeat == 0 || len(g.Cycles) == 0:
		return Never
	}
	return g.start + g.Repeat + g.Cycles[0]
}

// first reports whether cycle number i of the list is the first at or after a cycle, or the end of the
// list comes before one is.
func (g *listed) first(i int, at Cycle) bool {
	return i <= len(g.Cycles) && (i == len(g.Cycles) || g.Cycles[i] >= at) && (i == 0 || g.Cycles[i-1] < at)
}
