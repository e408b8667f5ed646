package pe

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Module is the arrays, with their weights and biases.
func (a Array) Module(c hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_array", Out: a.Fold.OutputChannels()}
	if err := a.buildable(c); err != nil {
		return m, err
	}
	a.parameters(&m)
	if a.Loads() {
		a.loadedHere(&m, c["weight_zero"])
	} else if err := a.weightsHere(&m, c); err != nil {
		return m, err
	}
	if bias := c["bias"]; bias != nil {
		bb := a.biasBits(bias)
		values := bitsOfAll(bias)
		m.Flag("BIAS", true)
		m.Int("BB", bb)
		m.Load("BIAS_FILE", "bias", eachResult(a.Fold, bb, func(w *hdl.Word, channel int) { w.Put(int64(values[channel]), bb) }))
	}
	return m, nil
}

// parameters are those of arrays wherever their weights are.
func (a Array) parameters(m *hdl.Module) {
	f := a.Fold
	m.Int("GP", f.Array.GroupParallel)
	m.Int("PE", f.Array.PE)
	m.Int("TAPS", f.SumLanes()/f.Array.SIMD)
	m.Int("SIMD", f.Array.SIMD)
	m.Elements("IB", "ISIGNED", a.Elem)
	m.Int("IZP", int(a.Zero))
	m.Int("WB", a.WeightBits())
	register := a.RegisterBits()
	if a.Elem.IsFloat() {
		register = a.Sum.Bits()
	}
	m.Int("AB", register)
	m.Int("OB", a.Sum.Bits())
	m.Flag("SATURATE", a.Accumulator.Saturate)
	m.Flag("FLOAT", a.Elem.IsFloat())
	m.Int("SF", f.VectorBeats())
	m.Int("NF", f.OutFolds)
	m.Int("GF", f.GroupFolds)
	room := ReplayDepth(f.VectorBeats() * int(a.tile()))
	m.Int("ROOM", room)
	m.Flag("PACK", a.Packing == 2 && !a.Elem.IsFloat())
	m.Int("LATENCY", a.Latency)
	m.Int("QUEUE", 1<<bits.Len(uint(a.Latency+spareResults-1)))
	m.Flag("REPLAY_BLOCK", ram(room, f.Windows(a.Elem).Bits()))
}

// weightsHere adds the memory of weights.
func (a Array) weightsHere(m *hdl.Module, c hdl.Constants) error {
	weights, wide := a.hdlWeights(c), a.WeightBits()
	if n := widthOf(weights); n > wide && !a.Weight.IsFloat() {
		return fmt.Errorf("weights of %d bits; allowed: %d", n, wide)
	}
	words := a.weightWords(weights, wide)
	m.Int("WEIGHT_BLOCK", madeOf(resources.Memory{Words: len(words), WordBits: int(a.Fold.MultipliersBuilt()) * wide, Style: a.Memory}))
	m.Load("WEIGHT_FILE", "weights", words)
	return nil
}

// loadedHere adds what takes weights that come, and their zero points off.
func (a Array) loadedHere(m *hdl.Module, zero *tensor.Tensor) {
	f := a.Fold
	m.Name, m.Style = "convsim_array_loaded", hdl.Joined
	if a.tile() == 1 {
		m.Beside = f.WeightLanes()
	}
	m.Int("TILE", int(a.tile()))
	m.Int("CF", f.ChannelFolds)
	m.Int("USED", f.Shape.GroupInChannels()-(f.ChannelFolds-1)*f.Array.SIMD)
	m.Elements("WW", "WSIGNED", a.Weight)
	if zero != nil {
		wide := a.WeightBits()
		m.Flag("ZERO", true)
		m.Load("ZERO_FILE", "zero", eachResult(f, wide, func(w *hdl.Word, channel int) { w.Put(zero.Int(channel%zero.Len()), wide) }))
	}
}

// spareResults is how many results more than its pipeline holds the output queue
// must take: the one that closed the lock, and the one just begun.
const spareResults = 2

// ram reports whether a memory is made of block RAM: where LUTs would be many.
func ram(depth, width int) bool {
	return resources.Buffer{Depth: depth, WidthBits: width, Kind: resources.RAM}.Cost().BRAM18 > 0
}

// madeOf is what a module of constants is told of its memory: 0 for logic, 1 for block
// RAM, 2 for UltraRAM.
func madeOf(m resources.Memory) int {
	switch cost := m.Store(); {
	case cost.URAM > 0:
		return 2
	case cost.BRAM18 > 0:
		return 1
	}
	return 0
}

// buildable refuses arrays that there is no module of.
func (a Array) buildable(c hdl.Constants) error {
	var errs []error
	if a.Elem.IsFloat() != a.Weight.IsFloat() || a.Elem.IsFloat() != a.Sum.IsFloat() {
		errs = append(errs, fmt.Errorf("products of %s and %s to %s; allowed: all of them integers, or floats", a.Elem, a.Weight, a.Sum))
	}
	if a.Style != Queued {
		errs = append(errs, fmt.Errorf("arrays that stop as a whole while the sink does not take results; allowed: those with a queue"))
	}
	if err := a.Accumulator.Check(); err != nil {
		errs = append(errs, err)
	}
	if c["weight"] == nil && !a.Loads() {
		errs = append(errs, errors.New("arrays without weights"))
	}
	if n := a.Fold.ComputeCycles(); n > mostBuilt {
		errs = append(errs, fmt.Errorf("%d cycles of computing a frame; allowed: %d", n, mostBuilt))
	}
	return errors.Join(errs...)
}

// mostBuilt is how many beats a module's counters count.
const mostBuilt = 1 << 30

// bitsOfAll are integers as they are, and the bits of floats.
func bitsOfAll(t *tensor.Tensor) []int32 {
	floats, ok := t.Data.([]float32)
	if !ok {
		return t.Int32s(nil, 0, t.Len())
	}
	list := make([]int32, len(floats))
	for i, v := range floats {
		list[i] = int32(math.Float32bits(v))
	}
	return list
}

// hdlWeights are the weights, zero points taken off, OIHW.
func (a Array) hdlWeights(c hdl.Constants) []int32 {
	w := bitsOfAll(c["weight"])
	if zero := c["weight_zero"]; zero != nil {
		per := len(w) / a.Fold.Shape.OutChannels
		for i := range w {
			w[i] -= int32(zero.Int((i / per) % zero.Len()))
		}
	}
	return w
}

// widthOf is how many bits the weights take.
func widthOf(weights []int32) int {
	span := Span{}
	for _, w := range weights {
		span.grow(int64(w))
	}
	return span.NeededBits()
}

// weightWords are the weights in the order in which they are used: group fold,
// output fold, beat; of a word array, row, lane.
func (a Array) weightWords(w []int32, wide int) []string {
	f := a.Fold
	var words []string
	for g := range f.GroupFolds {
		for o := range f.OutFolds {
			for beat := range f.VectorBeats() {
				word := hdl.NewWord(int(f.MultipliersBuilt()) * wide)
				for array := range f.Array.GroupParallel {
					for row := range f.Array.PE {
						a.weightLanes(word, w, wide, g*f.Array.GroupParallel+array, o*f.Array.PE+row, beat)
					}
				}
				words = append(words, word.Hex())
			}
		}
	}
	return words
}

// weightLanes puts the weights of one row and beat: tap, channel. Idle lanes have
// none.
func (a Array) weightLanes(word *hdl.Word, w []int32, wide, group, output, beat int) {
	f, s := a.Fold, a.Fold.Shape
	first, taps := beat/f.ChannelFolds, 1
	if f.Style == sched.Parallel {
		first, taps = 0, f.Taps
	}
	inputs := s.GroupInChannels()
	for tap := first; tap < first+taps; tap++ {
		for lane := range f.Array.SIMD {
			channel := beat%f.ChannelFolds*f.Array.SIMD + lane
			if group >= s.Groups || output >= s.GroupOutChannels() || channel >= inputs {
				word.Skip(wide)
				continue
			}
			at := ((group*s.GroupOutChannels()+output)*inputs+channel)*f.Taps + tap
			word.Put(int64(w[at]), wide)
		}
	}
}

// biasBits is how wide biases are: an accumulator that wraps round loses what it
// does not hold, one that saturates must see all of it.
func (a Array) biasBits(bias *tensor.Tensor) int {
	if a.Elem.IsFloat() {
		return a.Elem.Bits()
	}
	if !a.Accumulator.Saturate {
		return a.Accumulator.Bits
	}
	span := Span{}
	for i := range bias.Len() {
		span.grow(bias.Int(i))
	}
	return max(span.NeededBits(), a.Accumulator.Bits)
}

// eachResult makes a word a beat of an output pixel, of a value a lane.
func eachResult(f sched.Fold, width int, put func(w *hdl.Word, channel int)) []string {
	lanes := f.OutLanes()
	channels := f.OutputChannels()
	words := make([]string, f.GroupFolds*f.OutFolds)
	for beat := range words {
		w := hdl.NewWord(lanes * width)
		for lane := range lanes {
			channel := beat*lanes + lane
			if channels != nil {
				channel = channels[channel]
			}
			if channel < 0 {
				w.Skip(width)
				continue
			}
			put(w, channel)
		}
		words[beat] = w.Hex()
	}
	return words
}
