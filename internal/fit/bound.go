package fit

import (
	"math"

	"github.com/convsim/convsim/internal/resources"
)

// What designs take of something that there is only so much of.
const (
	dsp = iota
	lut
	ff
	bram18
	uram
	multiplier
	loaded // bytes of weights that come a frame
	beat   // at the ports of arrays: not limited, but few are better
	kinds
)

// vector is a number of each kind: what is taken, what there is, or what weighs how much.
type vector [kinds]float64

func vectorOf(a resources.Amount) vector {
	return vector{dsp: float64(a.DSP), lut: float64(a.LUT), ff: float64(a.FF), bram18: float64(a.BRAM18), uram: float64(a.URAM)}
}

// dot is the sum of what is weighed; what weighs nothing may be without end.
func (v vector) dot(w vector) float64 {
	sum := 0.0
	for k := range v {
		if w[k] > 0 {
			sum += v[k] * w[k]
		}
	}
	return sum
}

func (v vector) plus(w vector) vector {
	for k := range v {
		v[k] += w[k]
	}
	return v
}

func (v vector) less(w vector) vector {
	for k := range v {
		v[k] -= w[k]
	}
	return v
}

// worst is the largest share that is taken.
func (v vector) worst(share vector) float64 {
	most := 0.0
	for k := range v {
		most = max(most, v[k]*share[k])
	}
	return most
}

// takes is what a fold takes, with its weights in UltraRAM or not.
func (f *Fold) takes(ultra bool) vector {
	v := vectorOf(f.Cost)
	if ultra {
		v = vectorOf(f.Ultra)
	}
	v[bram18] += float64(f.waits)
	v[multiplier], v[loaded], v[beat] = float64(f.Multipliers), float64(f.Loads), float64(f.beats)
	return v
}

// room is what there is for the frames of an interval, beside a rest; without end of what is
// not limited.
func (s *search) room(interval float64, rest resources.Amount) vector {
	v, r := vectorOf(s.Limits), vectorOf(rest)
	v[multiplier], v[loaded], v[beat] = Endless, Endless, Endless
	if s.Multipliers > 0 {
		v[multiplier] = float64(s.Multipliers)
	}
	for k := range v {
		if v[k] -= r[k]; v[k]+r[k] >= Endless {
			v[k] = math.Inf(1)
		}
	}
	if s.port > 0 {
		v[loaded] = busiest * s.port * interval
	}
	return v
}

// parts are weights by which what is taken counts as a part of what there is.
func parts(room vector) vector {
	for k := range room {
		room[k] = 1 / max(1, room[k])
	}
	return room
}

// even are weights by which all that is limited is as dear; of multipliers that are, more.
func (s *search) even() vector {
	const above = 50
	w := parts(s.room(longest, resources.Amount{}))
	w[multiplier] *= above
	if s.quick { // folds of as many multipliers: what has few beats holds nothing up
		w[beat] = 1e-10
	}
	return w
}

// impossible reports whether no folds keep an interval and fit, or one that did hangs.
func (s *search) impossible(interval float64) bool {
	if interval <= s.above {
		return true
	}
	for _, l := range s.layers {
		l.lanes = 0
	}
	room := s.room(interval, s.reserve)
	_, impossible := s.balanced(interval, 1, room, room)
	return impossible
}

// balanced looks for weights by which the folds of an interval take no more than a share of a
// room together: what is exceeded weighs ever more. Where there are none, those are best by which the worst is
// exceeded least. Whatever fits keeps within every sum of limits, each with some weight; so
// where the folds that are least by such a sum exceed it for all there is, all others do.
func (s *search) balanced(interval, enough float64, room, all vector) (best vector, impossible bool) {
	const rounds, step, rounding = 100, 0.3, 1e-9
	share, least := parts(room), math.Inf(1)
	w := share
	for range rounds {
		taken := s.weighed(interval, w)
		if taken.dot(w) > all.dot(w)*(1+rounding) {
			return best, true
		}
		worst := taken.worst(share)
		if worst < least {
			best, least = w, worst
		}
		if worst <= enough {
			break
		}
		for k := range w {
			w[k] *= math.Exp(step * taken[k] * share[k] / worst)
		}
	}
	return best, false
}

// weighed chooses the folds of least weight for an interval, and returns what they take.
func (s *search) weighed(interval float64, w vector) vector {
	taken := vector{}
	for _, l := range s.layers {
		l.take(interval, func(f *Fold, ultra bool) float64 { return f.takes(ultra).dot(w) })
		taken = taken.plus(l.taken())
	}
	return taken
}
