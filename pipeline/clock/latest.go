package clock

// oneByOne is how many times of a ring are noted one by one. Those behind them are the more there
// are the more alike, so of them it is noted how much later each is than the next older one, and
// how often that repeats itself.
const oneByOne = 16

// Latest notes the times of a ring, from number newest down to oldest, each later by some
// cycles, as far as they lie after floor.
func (v *Registers) Latest(ring []Cycle, newest, oldest int64, later, floor Cycle) {
	if v.skip {
		return
	}
	values, mask := v.values, int64(len(ring)-1)
	k := newest
	for end := max(oldest, newest-oneByOne+1); k >= end; k-- {
		t := ring[k&mask] + later
		if t <= floor {
			break
		}
		values = append(values, shown{int64(t - v.base), int64(t)})
	}
	if v.values = values; newest-k == oneByOne {
		v.steps(ring, k, oldest, floor-later)
	}
}

// steps notes the times of a ring from number k down, of which the one before is noted: steps
// from 0 on, repeats as negative numbers, and an end, so that what comes behind is no part of it.
func (v *Registers) steps(ring []Cycle, k, oldest int64, floor Cycle) {
	noted, first, mask := len(v.values), k, int64(len(ring)-1)
	last, step, repeats := ring[(k+1)&mask], Cycle(-1), int64(0)
	for ; k >= oldest; k-- {
		t := ring[k&mask]
		if t <= floor {
			break
		}
		if last-t == step {
			repeats++
		} else {
			v.repeat(repeats)
			step, repeats = last-t, 0
			v.Value(int64(step))
		}
		last = t
	}
	v.repeat(repeats)
	v.Value(past)
	v.repeated += first - k - int64(len(v.values)-noted)
}

func (v *Registers) repeat(times int64) {
	if times > 0 {
		v.Value(-times)
	}
}
