package stepsim

// buffer is a Stage that an edge can be made of.
type buffer interface {
	Stage
	capacity() int // as the figures call it
}

// store is a running buffer.
type store interface {
	// held returns the beats taken and not yet handed over, and whether no more are taken.
	held() (beats int, full bool)
}

// FIFO holds up to Depth beats; one pushed in cycle t is offered from t+Latency on. Depth 0 is a wire.
type FIFO struct {
	Depth   int
	Latency int // 0 means 1
}

func (s FIFO) beats() (in, out int) { return 0, 0 }
func (s FIFO) kinds() []Kind        { return nil }
func (s FIFO) capacity() int        { return s.Depth }

func (s FIFO) start(_, _, _ int) block {
	if s.Depth == 0 {
		return wire{}
	}
	return &fifo{depth: s.Depth, latency: Cycle(max(1, s.Latency))}
}

type fifo struct {
	depth   int
	latency Cycle
	pushed  []Cycle // when each held beat came, oldest first
	now     Cycle
}

func (f *fifo) held() (int, bool) { return len(f.pushed), len(f.pushed) == f.depth }

func (f *fifo) offer(t Cycle, _ bool) bool {
	f.now = t
	return len(f.pushed) > 0 && f.pushed[0]+f.latency <= t
}

func (f *fifo) accept(bool, bool) bool { return len(f.pushed) < f.depth }

func (f *fifo) commit(w wires, _ []Name) bool {
	onTheWay := len(f.pushed) > 0 && f.pushed[0]+f.latency > f.now
	if w.out() {
		f.pushed = f.pushed[1:]
	}
	if w.in() {
		f.pushed = append(f.pushed, f.now)
	}
	return w.in() || w.out() || onTheWay
}

// wire is a FIFO of depth 0.
type wire struct{}

func (wire) held() (int, bool)                { return 0, false }
func (wire) offer(_ Cycle, inValid bool) bool { return inValid }
func (wire) accept(_, outReady bool) bool     { return outReady }
func (wire) commit(wires, []Name) bool        { return false }
