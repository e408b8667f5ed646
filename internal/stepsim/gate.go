package stepsim

// Gate says in which cycles a source may offer its next beat, or a sink is ready.
type Gate interface {
	// Start returns the gate's run; it is asked once for every cycle, in ascending order from 0.
	Start() func(Cycle) bool
}

// Full is open in every cycle.
type Full struct{}

// Every is open in the cycles t with t mod N == Phase.
type Every struct{ N, Phase int64 }

// Burst is open for On cycles, then shut for Off cycles, and so on from cycle 0.
type Burst struct{ On, Off int64 }

// Random is open by the bits of a linear congruential generator, about every second cycle.
type Random struct{ Seed uint32 }

// Listed is open in the cycles it lists; with a Period, in the cycles t for which it lists t mod Period.
type Listed struct {
	Cycles []Cycle
	Period Cycle // 0: no repetition
}

// Bytes paces beats of PerBeat bytes by a port of PerCycle bytes a cycle. Scale both for a fractional rate.
type Bytes struct{ PerCycle, PerBeat int64 }

// Start implements Gate.
func (Full) Start() func(Cycle) bool { return func(Cycle) bool { return true } }

// Start implements Gate.
func (g Every) Start() func(Cycle) bool {
	return func(t Cycle) bool { return int64(t)%g.N == g.Phase }
}

// Start implements Gate.
func (g Burst) Start() func(Cycle) bool {
	return func(t Cycle) bool { return int64(t)%(g.On+g.Off) < g.On }
}

// Start implements Gate. The generator advances in every cycle, before its bit is used.
func (g Random) Start() func(Cycle) bool {
	r := g.Seed
	return func(Cycle) bool {
		r = (1103515245*r + 12345) & (1<<31 - 1)
		return r>>16&1 == 1
	}
}

// Start implements Gate.
func (g Listed) Start() func(Cycle) bool {
	open := make(map[Cycle]bool, len(g.Cycles))
	for _, c := range g.Cycles {
		open[c] = true
	}
	return func(t Cycle) bool {
		if g.Period > 0 {
			t %= g.Period
		}
		return open[t]
	}
}

// Start implements Gate. A beat may go in the cycle in which the bytes for one more have come together.
func (g Bytes) Start() func(Cycle) bool {
	return func(t Cycle) bool {
		return (int64(t)+1)*g.PerCycle/g.PerBeat > int64(t)*g.PerCycle/g.PerBeat
	}
}

// shutForGood reports whether the gate is known never to open after cycle t.
func (g Listed) shutForGood(t Cycle) bool {
	for _, c := range g.Cycles {
		if c > t || g.Period > c {
			return false
		}
	}
	return true
}

// valve is a running gate together with what a stuck chain has to know of it.
type valve struct {
	gate Gate
	run  func(Cycle) bool
	now  Cycle
	open bool

	waits bool // what it holds back may go on when it opens
}

// itself is the valve of a block that has one.
func (v *valve) itself() *valve { return v }

func startValve(g Gate) *valve {
	if g == nil {
		g = Full{}
	}
	return &valve{gate: g, run: g.Start(), now: -1}
}

// step moves the gate to cycle t, if it is not there yet.
func (v *valve) step(t Cycle) {
	if t > v.now {
		v.now, v.open = t, v.run(t)
	}
}

// shutForGood is asked rarely: only in cycles in which nothing moves.
func (v *valve) shutForGood() bool {
	g, ok := v.gate.(interface{ shutForGood(Cycle) bool })
	return ok && !v.open && g.shutForGood(v.now)
}
