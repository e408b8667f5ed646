package clock

import "reflect"

// Workspace keeps memories from run to run: a design point would otherwise
// spend most of its memory on them. One goroutine at a time may use it; the
// zero Workspace is ready.
type Workspace struct {
	states []*Registers
	kept   map[reflect.Type]any // lists by the type of their elements
}

// Take returns n zeros.
func Take[T any](w *Workspace, n int64) []T {
	lists, _ := w.kept[reflect.TypeFor[T]()].(*[][]T)
	if lists != nil {
		for i, s := range *lists {
			if int64(cap(s)) >= n {
				last := len(*lists) - 1
				(*lists)[i] = (*lists)[last]
				*lists = (*lists)[:last]
				s = s[:n]
				clear(s)
				return s
			}
		}
	}
	return make([]T, n)
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

func (w *Workspace) state() *Registers {
	if n := len(w.states); n > 0 {
		v := w.states[n-1]
		w.states = w.states[:n-1]
		return v
	}
	const parts, numbers = 16, 80
	return &Registers{sections: make([]section, 0, parts), values: make([]int64, 0, numbers),
		absolute: make([]int64, 0, numbers), counters: make([]int64, 0, numbers)}
}

func (w *Workspace) keepState(v *Registers) {
	if v != nil {
		w.states = append(w.states, v)
	}
}
