package probe

import (
	"sync"

	"github.com/convsim/convsim/pipeline/flow"
)

// Values are the elements of beats on their way from who computes them to a probe that
// shows them in the order of time. Elements wait for their cycle. When many do, those
// who compute wait too, unless the probe itself waits for an element: so neither side
// ever waits for the other in vain, and what waits is bounded by mostWaiting and by how
// far values may run ahead of each other.
type Values struct {
	mu      sync.Mutex
	moved   *sync.Cond // something changed
	edges   map[int]*beats
	waiting int64 // elements
	wanted  bool  // the probe waits
	ended   bool  // no more elements come
	err     error // why
	stopped bool  // the probe shows no more
}

// mostWaiting is how many elements wait before those who compute them do.
const mostWaiting = 1 << 20

// NewValues are the values of a turn's edges that show them.
func NewValues(t *Turn, o Options) *Values {
	v := &Values{edges: map[int]*beats{}}
	v.moved = sync.NewCond(&v.mu)
	for i := range t.Plan.Edges {
		if o.carries(t, i) {
			v.edges[i] = newBeats(v, t.Plan, i)
		}
	}
	return v
}

// Watch is what takes the elements of edges.
func (v *Values) Watch() map[int]func(flow.Slab) {
	watch := map[int]func(flow.Slab){}
	for edge, b := range v.edges {
		watch[edge] = b.add
	}
	return watch
}

// End says that no more elements come, and whether those that have are all right.
func (v *Values) End(err error) {
	v.mu.Lock()
	v.ended, v.err = true, err
	v.mu.Unlock()
	v.moved.Broadcast()
}

// Stop says that no more elements are shown.
func (v *Values) Stop() {
	v.mu.Lock()
	v.stopped = true
	v.mu.Unlock()
	v.moved.Broadcast()
}

// failed is why values came to no good end.
func (v *Values) failed() error {
	if v == nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

// of are the beats of an edge, nil if they are not shown.
func (v *Values) of(edge int) *beats {
	if v == nil {
		return nil
	}
	return v.edges[edge]
}
