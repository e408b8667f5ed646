package clock

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var gateKinds = []string{"always", "every", "burst", "rate", "list", "cyclic list", "random"}

// drawGate draws a gate of a kind and says, from its definition, in which
// cycles it is open.
func drawGate(t *rapid.T, kind string) (Gate, func(Cycle) bool) {
	cycle := func(name string, lo, hi int64) Cycle { return Cycle(rapid.Int64Range(lo, hi).Draw(t, name)) }
	switch kind {
	case "every":
		n := cycle("n", 1, 9)
		phase := cycle("phase", 0, int64(n)-1)
		return Every{n, phase}, func(t Cycle) bool { return t%n == phase }
	case "burst":
		on, off := cycle("on", 1, 9), cycle("off", 0, 9)
		return Burst{on, off}.Gate(), func(t Cycle) bool { return t%(on+off) < on }
	case "rate":
		return drawRate(t)
	case "list":
		listed := drawCycles(t, 60)
		return List{Cycles: listed}.Gate(), func(t Cycle) bool { return slices.Contains(listed, t) }
	case "cyclic list":
		n := cycle("repeat", 1, 20)
		listed := drawCycles(t, int64(n)-1)
		return List{listed, n}.Gate(), func(t Cycle) bool { return slices.Contains(listed, t%n) }
	case "random":
		seed := rapid.Uint32().Draw(t, "seed")
		bits := randomBits(seed, 4000)
		return Random{Seed: seed}.Gate(), func(t Cycle) bool { return bits[t] }
	}
	return Always{}, func(Cycle) bool { return true }
}

func drawCycles(t *rapid.T, last int64) []Cycle {
	var out []Cycle
	for c := range Cycle(last + 1) {
		if rapid.Bool().Draw(t, "open") {
			out = append(out, c)
		}
	}
	return out
}

func drawRate(t *rapid.T) (Gate, func(Cycle) bool) {
	tenths, bytes := rapid.Int64Range(1, 200).Draw(t, "tenths"), rapid.IntRange(1, 24).Draw(t, "bytes")
	g, err := NewRate(float64(tenths)/10, bytes)
	if err != nil {
		t.Fatal(err)
	}
	beats := func(cycles Cycle) int64 { // completed in so many cycles
		return int64(cycles) * tenths / (10 * int64(bytes))
	}
	return g.Gate(), func(at Cycle) bool { return beats(at+1) > beats(at) }
}

func randomBits(seed uint32, n int) []bool {
	r := uint64(seed) % (1 << 31)
	out := make([]bool, n)
	for i := range out {
		r = (1103515245*r + 12345) % (1 << 31)
		out[i] = r>>16&1 != 0
	}
	return out
}

// TestGatesOpenAsDefined asks gates at ascending cycles, near and far apart, and now and then
// about one before.
func TestGatesOpenAsDefined(t *testing.T) {
	for _, kind := range gateKinds {
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			g, open := drawGate(t, kind)
			at := Cycle(0)
			for range rapid.IntRange(1, 30).Draw(t, "queries") {
				at += Cycle(rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 90)).Draw(t, "step"))
				if back := Cycle(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 40)).Draw(t, "back")); back <= at {
					opensFrom(t, g, open, at-back)
				}
				got := opensFrom(t, g, open, at)
				if got == Never {
					return
				}
				at = got + 1
			}
		}))
	}
}

// opensFrom asks a gate about a cycle, and holds what it says to the definition.
func opensFrom(t *rapid.T, g Gate, open func(Cycle) bool, at Cycle) Cycle {
	want := at
	for want < at+300 && !open(want) {
		want++
	}
	if want == at+300 { // no pattern drawn has a gap as long
		want = Never
	}
	got := g.Next(at)
	if got != want {
		t.Fatalf("%v: Next(%d) = %d, want %d", g, at, got, want)
	}
	return got
}

// TestOpenings counts open cycles by the definition.
func TestOpenings(t *testing.T) {
	for _, kind := range gateKinds {
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			g, open := drawGate(t, kind)
			p, ok := g.(Pattern)
			if !ok {
				g := g.(*generator)
				p = Random{Seed: g.r}
			}
			n := int64(0)
			for at := range Cycle(1000) {
				if !open(at) {
					continue
				}
				if got := Opening(p, n); got != at {
					t.Fatalf("%v: opening %d in cycle %d, want %d", p, n, got, at)
				}
				n++
			}
			if l, once := p.(List); once && (l.Repeat == 0 || n == 0) && Opening(p, n) != Never {
				t.Fatalf("%v: opening %d in cycle %d, but there is none", p, n, Opening(p, n))
			}
		}))
	}
}

// TestOpeningsFarOut stay exact, and end where no run can go.
func TestOpeningsFarOut(t *testing.T) {
	far, err := NewRate(0.999999999, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		p    Pattern
		n    int64
		want Cycle
	}{
		{far, 999999999<<22 - 1, 1000000000<<22 - 1},
		{Burst{On: 3, Off: 1 << 20}, 3 << 30, (1<<20 + 3) << 30},
		{Burst{On: 1, Off: 1 << 31}, 1 << 52, Never},
		{Every{N: 1 << 31}, 1 << 52, Never},
		{List{Cycles: []Cycle{0}, Repeat: 1 << 31}, 1 << 52, Never},
		{Always{}, -1, -1},
	} {
		if got := Opening(c.p, c.n); got != c.want {
			t.Errorf("%v: opening %d in cycle %d, want %d", c.p, c.n, got, c.want)
		}
	}
}

func TestGatesRepeatWithTheirPeriod(t *testing.T) {
	for _, kind := range gateKinds {
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			g, open := drawGate(t, kind)
			p := g.Period()
			if p == 0 {
				return
			}
			for at := range Cycle(100) {
				if open(at) != open(at+p) {
					t.Fatalf("%v: period %d, but cycle %d is open: %v, cycle %d: %v", g, p, at, open(at), at+p, open(at+p))
				}
			}
		}))
	}
}

func TestRateRefuses(t *testing.T) {
	for _, c := range []struct {
		bytesPerCycle float64
		bytes         int
		want          string
	}{
		{0, 4, "must be above 0"},
		{-1, 4, "must be above 0"},
		{1, 0, "must be above 0"},
		{0.1234567890123, 1, "use fewer digits"},
	} {
		if g, err := NewRate(c.bytesPerCycle, c.bytes); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("NewRate(%v, %d) = %v, %v; want an error with %q", c.bytesPerCycle, c.bytes, g, err, c.want)
		}
	}
}

// TestRateFarOut: the largest fractions stay exact late in a long run.
func TestRateFarOut(t *testing.T) {
	g, err := NewRate(0.999999999, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := g.(Rate)
	beats := func(t Cycle) *big.Int {
		n := new(big.Int).Mul(big.NewInt(int64(t)), big.NewInt(int64(r.num)))
		return n.Div(n, big.NewInt(int64(r.den)))
	}
	for at := 1000*r.den - 5; at < 1000*r.den+5; at++ {
		open := beats(at+1).Cmp(beats(at)) > 0
		if got := r.Next(at) == at; got != open {
			t.Errorf("cycle %d is open: %v, want %v", at, got, open)
		}
	}
}

// TestRandomAnswersAgain: a generator that is asked again, for a cycle it has passed,
// says what it said.
func TestRandomAnswersAgain(t *testing.T) {
	for seed := range uint32(20) {
		g := Random{Seed: seed * 7919}.Gate()
		var opens []Cycle
		for at := Cycle(0); at < 400; at++ {
			at = g.Next(at)
			opens = append(opens, at)
		}
		for i := len(opens) - 1; i > 0; i-- {
			for _, ask := range []Cycle{opens[i], opens[i-1] + 1, opens[i]} {
				if got := g.Next(ask); got != opens[i] {
					t.Fatalf("seed %d: open in cycle %d from %d on, was %d", seed, got, ask, opens[i])
				}
			}
		}
	}
}
