package pe

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Module is a table for elements of 8 bits or fewer, and for others what computes
// the function, where there is such a module.
func (m Map) Module(hdl.Constants) (hdl.Module, error) {
	if !m.In.Elem.IsFloat() && m.In.Elem.Bits() <= 8 {
		return m.table(), nil
	}
	switch f := m.F.(type) {
	case scalar.Relu:
		h := hdl.Module{Name: "convsim_relu"}
		if m.Out.Elem == m.In.Elem && hdl.Signed(m.In.Elem) {
			h.Int("LANES", m.In.Lanes)
			h.Int("IB", m.In.Elem.Bits())
			h.Flag("IFLOAT", m.In.Elem.IsFloat())
			return h, nil
		}
	case scalar.Clip:
		if !m.In.Elem.IsFloat() && !m.Out.Elem.IsFloat() {
			return m.clip(f), nil
		}
	case scalar.Quantize:
		if scalar.Uniform(f) && m.In.Elem == tensor.Float32 && m.Out.Elem.Bits() <= 8 {
			return m.steps(key(float32(math.Inf(-1))), key(float32(math.Inf(1))), func(key int64) float64 { return m.F.Of(float64(fromKey(key)), 0) })
		}
	case scalar.Rescale:
		return m.rescale(0, f)
	case scalar.Chain:
		if add, r, ok := rescaled(f); ok {
			return m.rescale(add, r)
		}
	}
	if lo, hi, ok := m.rises(); ok {
		return m.steps(lo, hi, func(x int64) float64 { return m.F.Of(float64(x), 0) })
	}
	return hdl.Module{}, fmt.Errorf("no module computes this of %s elements; allowed: anything of integers of 8 bits, which is a table", m.In.Elem)
}

// rises reports whether a function of integers of up to 16 bits never falls, all of
// which are tried, and makes integers of up to 8; and which they are.
func (m Map) rises() (lo, hi int64, ok bool) {
	if m.In.Elem.IsFloat() || m.In.Elem.Bits() > 16 || m.Out.Elem.Bits() > 8 || !scalar.Uniform(m.F) {
		return 0, 0, false
	}
	lo, hi = m.In.Elem.Range()
	for x := lo; x < hi; x++ {
		if m.F.Of(float64(x), 0) > m.F.Of(float64(x+1), 0) {
			return 0, 0, false
		}
	}
	return lo, hi, true
}

// clip limits integers.
func (m Map) clip(f scalar.Clip) hdl.Module {
	h := hdl.Module{Name: "convsim_clip"}
	lo, hi := m.Out.Elem.Range()
	h.Int("LANES", m.In.Lanes)
	h.Elements("IB", "ISIGNED", m.In.Elem)
	h.Int("OB", m.Out.Elem.Bits())
	h.Int("LO", int(max(float64(lo), math.Trunc(f.Lo))))
	h.Int("HI", int(min(float64(hi), math.Trunc(f.Hi))))
	return h
}

// table looks elements up, in one table or in one a channel.
func (m Map) table() hdl.Module {
	h := hdl.Module{Name: "convsim_table"}
	h.Int("LANES", m.In.Lanes)
	h.Int("IB", m.In.Elem.Bits())
	h.Int("OB", m.Out.Elem.Bits())
	channels := func(int, int) int { return 0 }
	beats, lanes := 1, 1
	if !scalar.Uniform(m.F) {
		beats, lanes = int(m.In.Beats), m.In.Lanes
		channels = func(beat, lane int) int { return beat*lanes + lane }
		h.Int("BEATS", beats)
	}
	h.Load("FILE", "table", m.words(beats, lanes, channels))
	return h
}

// words are the results by beat and element, of a lane each.
func (m Map) words(beats, lanes int, channel func(beat, lane int) int) []string {
	in, out := m.In.Elem.Bits(), m.Out.Elem.Bits()
	var words []string
	real := channelsOf(m.In)
	for beat := range beats {
		for x := range 1 << in {
			w := hdl.NewWord(lanes * out)
			for lane := range lanes {
				v := int64(x)
				if hdl.Signed(m.In.Elem) && x >= 1<<(in-1) {
					v -= 1 << in
				}
				c := channel(beat, lane)
				if c >= real {
					w.Skip(out)
					continue
				}
				w.Put(hdl.BitsOf(m.Out.Elem, m.F.Of(float64(v), c)), out)
			}
			words = append(words, w.Hex())
		}
	}
	return words
}

// channelsOf is how many a pixel of a stream has.
func channelsOf(s sched.Stream) int {
	return int((s.Pixels*s.Beats*int64(s.Lanes) - s.Idle) / s.Pixels)
}

// steps is a function whose results never fall as its key grows, of integers or of
// floats by their order, so that it is told by the least key of every result.
func (m Map) steps(lo, hi int64, of func(key int64) float64) (hdl.Module, error) {
	h := hdl.Module{Name: "convsim_steps"}
	steps, results := []int64{lo}, []float64{of(lo)}
	for of(steps[len(steps)-1]) < of(hi) {
		now := results[len(results)-1]
		below, above := steps[len(steps)-1], hi
		for above-below > 1 {
			if mid := below + (above-below)/2; of(mid) > now {
				above = mid
			} else {
				below = mid
			}
		}
		steps, results = append(steps, above), append(results, of(above))
	}
	const levels = 8
	keyBits := m.In.Elem.Bits() + 1
	if len(steps) > 1<<levels {
		return h, fmt.Errorf("a quantiser of %d results; allowed: %d", len(steps), 1<<levels)
	}
	thresholds, words := make([]string, 1<<levels), make([]string, 1<<levels)
	for i := range thresholds {
		step, result := int64(1<<(keyBits-1)-1), results[len(results)-1] // beyond all
		if i < len(steps) {
			step, result = steps[i], results[i]
		}
		w := hdl.NewWord(keyBits)
		w.Put(step, keyBits)
		thresholds[i] = w.Hex()
		w = hdl.NewWord(m.Out.Elem.Bits())
		w.Put(int64(result), m.Out.Elem.Bits())
		words[i] = w.Hex()
	}
	h.Int("LANES", m.In.Lanes)
	h.Elements("IB", "ISIGNED", m.In.Elem)
	h.Flag("IFLOAT", m.In.Elem.IsFloat())
	h.Int("OB", m.Out.Elem.Bits())
	h.Int("LEVELS", levels)
	h.Load("STEP_FILE", "steps", thresholds)
	h.Load("RESULT_FILE", "results", words)
	return h, nil
}

// key orders floats as integers: the bits of those below zero are turned round.
func key(x float32) int64 {
	b := int32(math.Float32bits(x))
	if b < 0 {
		b ^= math.MaxInt32
	}
	return int64(b)
}

func fromKey(k int64) float32 {
	b := int32(k)
	if b < 0 {
		b ^= math.MaxInt32
	}
	return math.Float32frombits(uint32(b))
}

// rescaled sees a chain as a constant that is added to an int32, and a
// requantisation.
func rescaled(chain scalar.Chain) (add int64, r scalar.Rescale, ok bool) {
	if len(chain) != 2 {
		return 0, r, false
	}
	with, first := chain[0].(scalar.With)
	r, second := chain[1].(scalar.Rescale)
	if !first || !second || len(with.Constant) != 1 || with.First {
		return 0, r, false
	}
	op, ok := with.Combine.(scalar.Integer)
	switch {
	case !ok:
	case op.Name == "Add" || op.Name == "Sum":
		return int64(with.Constant[0]), r, true
	case op.Name == "Sub":
		return -int64(with.Constant[0]), r, true
	}
	return 0, r, false
}

// singleSum is how wide sums may be that become a float32.
const singleSum = 32

// rescale is requantisation by ONNX's rule.
func (m Map) rescale(add int64, r scalar.Rescale) (hdl.Module, error) {
	h := hdl.Module{Name: "convsim_requantize_onnx"}
	if m.In.Elem.IsFloat() || m.Out.Elem.IsFloat() || m.Out.Elem.Bits() > 16 || len(r.Factor) != 1 || r.Factor[0] < 0 || !SpanOf(m.Out.Elem).Contains(Span{int64(r.Zero), int64(r.Zero)}) {
		return h, fmt.Errorf("a product of %s to %s; allowed: of integers to 16 bits at most, by one factor, with a zero point of the type", m.In.Elem, m.Out.Elem)
	}
	h.Int("LANES", m.In.Lanes)
	h.Elements("IB", "ISIGNED", m.In.Elem)
	h.Int("AB", m.In.Elem.Bits())
	h.Int("OB", m.Out.Elem.Bits())
	h.Int("ADD", int(add))
	h.Int("ZP", int(r.Zero))
	h.Int("MIN", int(r.Lo))
	h.Int("MAX", int(r.Hi))
	h.Parameters = append(h.Parameters, singles([]float32{float32(r.Factor[0])}, m.Out.Elem.Bits(), singleSum).shared...)
	return h, nil
}
