package clock

// Opening returns in which cycle a pattern is open for the n-th time, counted
// from 0: no port moves its n-th beat before. It is Never where there is no
// such cycle.
func Opening(p Pattern, n int64) Cycle {
	if n < 0 {
		return -1
	}
	switch p := p.(type) {
	case Always:
		return Cycle(n)
	case Every:
		return periods(n, p.N, p.Next(0))
	case Burst:
		return periods(n/int64(p.On), p.On+p.Off, Cycle(n%int64(p.On)))
	case Rate:
		k := Cycle(n%int64(p.num)) + 1
		return periods(n/int64(p.num), p.den, (k*p.den+p.num-1)/p.num-1)
	case List:
		size := int64(len(p.Cycles))
		if n < size {
			return p.Cycles[n]
		}
		if size == 0 || p.Repeat == 0 {
			return Never
		}
		return periods(n/size, p.Repeat, p.Cycles[n%size])
	}
	return opening(p.Gate(), n)
}

// periods is n periods and a rest, Never where that is beyond all runs.
func periods(n int64, period, rest Cycle) Cycle {
	if Cycle(n) > (Never-rest)/period {
		return Never
	}
	return Cycle(n)*period + rest
}

// opening counts openings one by one.
func opening(g Gate, n int64) Cycle {
	t := Cycle(-1)
	for ; n >= 0 && t < Never; n-- {
		t = g.Next(t + 1)
	}
	return t
}
