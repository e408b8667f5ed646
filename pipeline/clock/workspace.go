package clock

import "reflect"

// Workspace keeps memories from run to run: a design point would otherwise
// spend most of its memory on them. One goroutine at a time may use it; the
// zero Workspace is ready.
type Workspace struct {
	states states
	aparts [mostApart]*apart    // of a run that has ended
	spare  *forwarder           // of a run that has ended
	kept   map[reflect.Type]any // lists by the type of their elements
}

// Take returns n zeros.
func Take[T any](w *Workspace, n int64) []T {
	lists, _ := w.kept[reflect.TypeFor[T]()].(*[][]T)
	if lists == nil {
		return make([]T, n)
	}
	best := -1 // the smallest that is large enough
	for i, s := range *lists {
		if int64(cap(s)) >= n && (best < 0 || cap(s) < cap((*lists)[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]T, n)
	}
	s, last := (*lists)[best][:n], len(*lists)-1
	(*lists)[best] = (*lists)[last]
	*lists = (*lists)[:last]
	clear(s)
	return s
}

// mostKept bounds the lists of one type that a workspace keeps.
const mostKept = 1 << 10

// Keep takes back a list that nothing refers to any more.
func Keep[T any](w *Workspace, s []T) {
	if cap(s) == 0 {
		return
	}
	key := reflect.TypeFor[T]()
	lists, ok := w.kept[key].(*[][]T)
	if !ok {
		lists = new([][]T)
		if w.kept == nil {
			w.kept = map[reflect.Type]any{}
		}
		w.kept[key] = lists
	}
	if len(*lists) < mostKept {
		*lists = append(*lists, s)
	}
}

// forwarder makes a forwarder out of the memory of the last one.
func (w *Workspace) forwarder(s *solver, watch bool) *forwarder {
	f := w.spare
	if f == nil {
		f = &forwarder{}
	}
	w.spare = nil
	*f = forwarder{s: s, watch: watch, gates: s.keepingTime(), shifts: f.shifts, held: f.held, tracks: f.tracks, beside: besides(s, f.beside.track),
		tally: tally{s.accounts, f.tally.edges[:0]}}
	for l := range f.tracks {
		f.tracks[l] = track{past: f.tracks[l].past, held: f.tracks[l].held, signs: f.tracks[l].signs[:0]}
	}
	for i := range s.edges {
		f.tally.edges = append(f.tally.edges, &s.edges[i])
	}
	f.ports = len(f.gates) > 0
	return f
}

// states are such as are made anew in the memory of older ones.
type states []*Registers

func (l *states) take() *Registers {
	if n := len(*l); n > 0 {
		v := (*l)[n-1]
		*l = (*l)[:n-1]
		return v
	}
	const parts, numbers = 16, 80
	return &Registers{sections: make([]section, 0, parts), values: make([]shown, 0, numbers),
		counters: make([]int64, 0, numbers)}
}

// keep takes a state back. Those that have grown are taken first.
func (l *states) keep(v *Registers) {
	if v == nil {
		return
	}
	*l = append(*l, v)
	for i := len(*l) - 1; i > 0 && cap((*l)[i].values) < cap((*l)[i-1].values); i-- {
		(*l)[i], (*l)[i-1] = (*l)[i-1], (*l)[i]
	}
}
