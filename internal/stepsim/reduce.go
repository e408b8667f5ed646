package stepsim

import "fmt"

// Reduce makes one result of many beats, as pooling does: a vector is Groups groups of Folds beats, and beat
// k of every group goes into result k, which leaves with the last group. One register at the output.
type Reduce struct {
	Groups int
	Folds  int // 0: 1
}

func (s Reduce) folds() int { return max(1, s.Folds) }

func (Reduce) kinds() []Kind { return []Kind{KindReduce} }

func (s Reduce) flow(_ int, in []int) ([]int, error) {
	var err error
	if in[0]%(s.Groups*s.folds()) != 0 {
		err = fmt.Errorf("%d beats a frame, want whole vectors of %d", in[0], s.Groups*s.folds())
	}
	return []int{in[0] / s.Groups}, err
}

func (s Reduce) build(frames int, in, _ []int) unit {
	return solo{&reduce{vector: s.Groups * s.folds(), folds: s.folds(), left: events(frames * in[0])}}
}

type reduce struct {
	vector, folds int // beats of a vector, and of its last group
	left          events
	at            int // beats taken of this vector
	full          bool
}

func (r *reduce) last() bool { return r.at >= r.vector-r.folds }

func (r *reduce) offer(Cycle, bool) bool { return r.full }

func (r *reduce) accept(_, outReady bool) bool { return !r.last() || !r.full || outReady }

func (r *reduce) commit(w wires, names []Name) bool {
	names[0] = r.left.input(w)
	r.full = w.in() && r.last() || r.full && !w.outReady
	if w.in() {
		r.at = (r.at + 1) % r.vector
	}
	return w.in() || w.out()
}
