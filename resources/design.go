package resources

// DSPKind says what multiplies: one of the DSP slices, or LUTs.
type DSPKind string

// The multipliers known.
const (
	DSP48E1 DSPKind = "dsp48e1" // 7 series, Zynq-7000
	DSP48E2 DSPKind = "dsp48e2" // UltraScale, UltraScale+
	DSP58   DSPKind = "dsp58"   // Versal
	LUTMult DSPKind = "lut"     // no DSP slices at all
)

// DefaultDSP is the kind where neither design nor board says one.
const DefaultDSP = DSP58

// DSPKinds returns all multiplier kinds.
func DSPKinds() []DSPKind { return []DSPKind{DSP48E1, DSP48E2, DSP58, LUTMult} }

// RAMStyle says what a memory is made of.
type RAMStyle string

// The memory styles. The zero value is Auto.
const (
	Auto   RAMStyle = ""       // LUTs if small, else block RAM; never UltraRAM
	LUTRAM RAMStyle = "lutram" // distributed RAM; shift registers in a FIFO
	Block  RAMStyle = "bram"
	Ultra  RAMStyle = "uram"
)

// RAMStyles returns all memory styles.
func RAMStyles() []RAMStyle { return []RAMStyle{Auto, LUTRAM, Block, Ultra} }

// BufferKind says how a buffer is accessed.
type BufferKind string

// The kinds of buffers.
const (
	RAM           BufferKind = "ram"            // addressed: one read and one write per cycle
	ShiftRegister BufferKind = "shift register" // only the oldest beat is seen
	Registers     BufferKind = "registers"      // all beats are seen at once
)

// BufferKinds returns all kinds of buffers.
func BufferKinds() []BufferKind { return []BufferKind{RAM, ShiftRegister, Registers} }

// Design is all that the estimate looks at. Stages that are nil or have no
// words are absent and get no row.
type Design struct {
	Multiplier DSPKind
	ClockMHz   float64

	Pad        *Pad
	Window     *Window
	Array      Array
	Weights    Memory // read one word per cycle; Words 0 = streamed from outside
	Requantize *Requantize
	FIFOs      []FIFO
}

// Array is GroupParallel arrays side by side, each of PE x SIMD multipliers.
type Array struct {
	PE            int // output channels per cycle and array
	SIMD          int // multipliers per PE; in a parallel window, all taps of its lanes
	GroupParallel int // arrays

	SF, NF     int // input and output folds of one window
	GroupFolds int // groups one array works on, one after the other

	WeightBits, InputBits, AccumulatorBits int
	SignedInput                            bool

	Latency int // cycles from a vector's last beat to its result; 0 = as its kind and SIMD have it

	// PrivateInput says that every PE has inputs of its own, as in a depthwise unit that
	// puts channels on its PEs. Nothing is shared then, so products cannot share a DSP48.
	PrivateInput bool
}

// WeightMemory returns the memory that holds all weights of the layer on chip:
// one word per cycle of a window, as wide as all multipliers take.
func (a Array) WeightMemory(style RAMStyle) Memory {
	return Memory{
		Words:    a.SF * a.NF * a.GroupFolds,
		WordBits: a.PE * a.SIMD * a.GroupParallel * a.WeightBits,
		Style:    style,
	}
}

// Memory is a store of words, read or written once per cycle.
type Memory struct {
	Words, WordBits int
	Style           RAMStyle
}

// Buffer is a store inside a stage.
type Buffer struct {
	Name      string
	Depth     int // beats
	WidthBits int // of one beat
	Kind      BufferKind
	Style     RAMStyle // of a RAM
}

// Pad is the padding stage.
type Pad struct {
	BeatBits   int
	FrameBeats int      // beats of one padded frame: what its counters count
	Buffers    []Buffer // rows or pixels it re-reads; none for zeros
}

// Window is the line buffer and sliding window, serial or parallel: its
// buffers tell which.
type Window struct {
	Buffers []Buffer
}

// RequantizeRule says how accumulators become outputs.
type RequantizeRule string

// The requantisation rules.
const (
	NoScaling  RequantizeRule = "none"     // bias and clamp only
	Multiply   RequantizeRule = "multiply" // fixed-point multiplier, then shift
	PowerOfTwo RequantizeRule = "shift"    // shift only
)

// RequantizeRules returns all requantisation rules.
func RequantizeRules() []RequantizeRule {
	return []RequantizeRule{NoScaling, Multiply, PowerOfTwo}
}

// Requantize is the stage of bias, scaling, rounding and clamping.
type Requantize struct {
	Rule                  RequantizeRule
	Lanes                 int // values per cycle
	InputBits, OutputBits int // accumulator in, value out
	MultiplierBits        int // of Multiply
	ShiftBits             int // width of a shift amount that differs by channel; 0 = one shift for all, which is wiring
	BiasBits              int // 0 = no bias
	ParamWords            int // words of per-channel parameters (output folds x group folds); 0 or 1 = constants
	ParamStyle            RAMStyle
}

// FIFO is an edge between two stages. Depth 0 is a wire.
type FIFO struct {
	Name      string
	Depth     int // beats
	WidthBits int
	Style     RAMStyle // LUTRAM means shift registers
}
