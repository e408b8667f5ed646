package clock

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
)

// Gate says in which cycles the outside world is open: when a source may offer
// its next beat, when a sink is ready.
type Gate interface {
	// Next is the first open cycle at or after t, Never if there is none.
	// Queries mostly come in ascending order, but a fork that looks for a cycle in
	// which all its branches are open asks again.
	Next(t Cycle) Cycle
	// Period is the number of cycles after which the pattern repeats itself
	// whatever the cycle, 0 if it does not.
	Period() Cycle
}

// Pattern is a gate as plain data.
type Pattern interface {
	Gate() Gate // from cycle 0 on
	Check() error
	// AppendKey appends all that decides the pattern.
	AppendKey(dst []byte) []byte
}

// The kinds of patterns in keys.
const (
	keyAlways = iota
	keyEvery
	keyBurst
	keyRate
	keyList
	keyRandom
)

// Always is open in every cycle.
type Always struct{}

// Gate returns the pattern: it has no state.
func (g Always) Gate() Gate { return g }

// Check finds nothing wrong.
func (Always) Check() error { return nil }

// AppendKey appends the kind.
func (Always) AppendKey(dst []byte) []byte { return AppendInts(dst, keyAlways) }

// Next returns t.
func (Always) Next(t Cycle) Cycle { return t }

// Period returns 1.
func (Always) Period() Cycle { return 1 }

// Every is open in the cycles t with t mod N == Phase.
type Every struct{ N, Phase Cycle }

// Gate returns the pattern: it has no state.
func (g Every) Gate() Gate { return g }

// Check refuses an empty period.
func (g Every) Check() error {
	if g.N < 1 {
		return fmt.Errorf("a pattern open every %d cycles; allowed: 1 or more", g.N)
	}
	return nil
}

// AppendKey appends kind and numbers.
func (g Every) AppendKey(dst []byte) []byte {
	return AppendInts(dst, keyEvery, int64(g.N), int64(g.Phase))
}

// Next returns the first such cycle at or after t.
func (g Every) Next(t Cycle) Cycle {
	wait := (g.Phase - t) % g.N
	if wait < 0 {
		wait += g.N
	}
	return t + wait
}

// Period returns N.
func (g Every) Period() Cycle { return g.N }

// Burst is open for On cycles, then closed for Off cycles, from cycle 0 on.
type Burst struct{ On, Off Cycle }

// Gate begins with the first burst.
func (g Burst) Gate() Gate { return &bursts{Burst: g} }

// Check refuses a burst of nothing.
func (g Burst) Check() error {
	if g.On < 1 || g.Off < 0 {
		return fmt.Errorf("bursts of %d cycles, then %d without; allowed: 1 and 0 or more", g.On, g.Off)
	}
	return nil
}

// AppendKey appends kind and numbers.
func (g Burst) AppendKey(dst []byte) []byte {
	return AppendInts(dst, keyBurst, int64(g.On), int64(g.Off))
}

// Period returns On + Off.
func (g Burst) Period() Cycle { return g.On + g.Off }

// Rate is open as often as a port of constant bandwidth completes a beat: in
// cycle t iff floor((t+1)*num/den) > floor(t*num/den).
type Rate struct{ num, den Cycle }

// NewRate is the gate of a port that moves bytesPerCycle for beats of beatBytes
// bytes. bytesPerCycle is taken as the decimal number it prints as.
func NewRate(bytesPerCycle float64, beatBytes int) (Pattern, error) {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(bytesPerCycle, 'g', -1, 64))
	if !ok || r.Sign() <= 0 || beatBytes <= 0 {
		return nil, fmt.Errorf("bandwidth of %v bytes per cycle for beats of %d bytes; both must be above 0", bytesPerCycle, beatBytes)
	}
	r.Quo(r, new(big.Rat).SetInt64(int64(beatBytes)))
	if r.Cmp(big.NewRat(1, 1)) >= 0 {
		return Always{}, nil
	}
	const most = 1 << 31 // keeps num*den within int64
	if !r.Denom().IsInt64() || r.Denom().Int64() > most {
		return nil, fmt.Errorf("bandwidth of %v bytes per cycle for beats of %d bytes does not repeat within %d cycles; use fewer digits", bytesPerCycle, beatBytes, int64(most))
	}
	return Rate{num: Cycle(r.Num().Int64()), den: Cycle(r.Denom().Int64())}, nil
}

// Gate returns the pattern: it has no state.
func (g Rate) Gate() Gate { return g }

// Check refuses a port that moves nothing.
func (g Rate) Check() error {
	if g.num < 1 || g.den < 1 {
		return errors.New("a port without bandwidth")
	}
	return nil
}

// AppendKey appends kind and numbers.
func (g Rate) AppendKey(dst []byte) []byte {
	return AppendInts(dst, keyRate, int64(g.num), int64(g.den))
}

// Next returns the first cycle at or after t that completes a beat.
func (g Rate) Next(t Cycle) Cycle {
	at := t % g.den
	beat := at*g.num/g.den + 1
	return t - at + (beat*g.den+g.num-1)/g.num - 1
}

// Period returns the cycles after which the fractions repeat.
func (g Rate) Period() Cycle { return g.den }

// List is open in listed cycles, ascending; with Repeat > 0 the list starts
// anew every Repeat cycles, otherwise the gate stays shut after the last one.
type List struct {
	Cycles []Cycle
	Repeat Cycle
}

// Gate begins with the first cycle.
func (g List) Gate() Gate { return &listed{List: g} }

// Check refuses cycles that do not ascend, or that lie beyond the repetition.
func (g List) Check() error {
	last := Cycle(-1)
	for _, t := range g.Cycles {
		if t <= last || g.Repeat > 0 && t >= g.Repeat {
			return fmt.Errorf("listed cycle %d after %d, repeated every %d; allowed: ascending, below the repetition", t, last, g.Repeat)
		}
		last = t
	}
	return nil
}

// AppendKey appends kind and numbers.
func (g List) AppendKey(dst []byte) []byte {
	dst = AppendInts(dst, keyList, int64(g.Repeat), int64(len(g.Cycles)))
	for _, t := range g.Cycles {
		dst = AppendInts(dst, int64(t))
	}
	return dst
}

// Period returns Repeat.
func (g List) Period() Cycle { return g.Repeat }

// Random is open in about half of the cycles, by the documented generator: before
// use in each cycle r = (1103515245*r + 12345) mod 2^31; open iff bit 16 of r.
type Random struct{ Seed uint32 }

// Gate starts the generator.
func (g Random) Gate() Gate { return &generator{r: g.Seed & randomMask} }

// Check finds nothing wrong: every seed will do.
func (Random) Check() error { return nil }

// AppendKey appends kind and seed.
func (g Random) AppendKey(dst []byte) []byte { return AppendInts(dst, keyRandom, int64(g.Seed)) }

// generator is Random on its way: at is the cycle whose bit the next step yields.
type generator struct {
	r  uint32
	at Cycle
}

const (
	randomFactor = 1103515245
	randomAdd    = 12345
	randomMask   = 1<<31 - 1
	randomBit    = 1 << 16
	skipFrom     = 48 // cycles from which a jump is cheaper than stepping
)

// Next returns the first cycle at or after t whose bit is set.
func (g *generator) Next(t Cycle) Cycle {
	if ahead := t - g.at; ahead > skipFrom || ahead < 0 {
		g.skip(uint64(ahead) & randomMask) // the generator has a period of 2^31
		g.at = t
	}
	r, at := g.r, g.at
	for {
		r = (randomFactor*r + randomAdd) & randomMask
		at++
		if at > t && r&randomBit != 0 {
			g.r, g.at = r, at
			return at - 1
		}
	}
}

// skip advances the generator by n steps: the affine map r -> a*r + c raised to
// the n-th power by squaring.
func (g *generator) skip(n uint64) {
	a, c := uint32(1), uint32(0)
	stepA, stepC := uint32(randomFactor), uint32(randomAdd)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			a, c = stepA*a, stepA*c+stepC
		}
		stepA, stepC = stepA*stepA, stepA*stepC+stepC
	}
	g.r = (a*g.r + c) & randomMask
}

// Period returns 0: treated as never repeating.
func (g *generator) Period() Cycle { return 0 }
