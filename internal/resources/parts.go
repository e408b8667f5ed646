package resources

// Array is GroupParallel arrays side by side, each of PE x SIMD multipliers.
type Array struct {
	PE            int // output channels per cycle and array
	SIMD          int // multipliers per PE; in a parallel window, all taps of its lanes
	GroupParallel int // arrays

	SF, NF     int // input and output folds of one window
	GroupFolds int // groups one array works on, one after the other

	WeightBits, InputBits, AccumulatorBits int
	SignedInput                            bool

	ZeroPoint bool // taken off the inputs, which then take a bit more
	Saturates bool // the accumulator stays at its limits
	Bias      bool // added to the sums, which may then take all of the accumulator
	Packing   int  // products of a multiplier, as it is asked for: 1, which 0 is too, or 2
	Latency   int  // cycles from a vector's last beat to its result; 0 = as its kind and SIMD have it

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

// Replay returns the buffer that shows a vector to all output folds, with room for so
// many beats.
func (a Array) Replay(room int) Replay {
	width := a.SIMD * a.InputBits * a.GroupParallel
	if a.PrivateInput {
		width *= a.PE
	}
	return Replay{Beats: a.SF, Passes: a.NF, Room: room, WidthBits: width}
}

// Replay is the buffer that keeps the input of one window while the output
// folds read it.
type Replay struct {
	Beats, Passes int // of a vector; how often it is read
	Room          int // beats that it holds
	WidthBits     int
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
	BeatBits int
	Counts   []int    // what its counters count: beats of a padded row, rows
	Buffers  []Buffer // rows or pixels it re-reads; none for zeros
	Beats    int      // of a frame, of one that re-reads
	Words    bool     // what it re-reads is looked up, by row and by column
}

// Window is the line buffer and sliding window, serial or parallel: its
// buffers tell which.
type Window struct {
	Buffers []Buffer
	Beats   int   // of a padded frame
	Depth   int   // beats of the ring that a serial one reads, 0: a parallel one
	Counts  []int // what its counters count: folds, taps, pixels of a row, rows
}

// RequantizeRule says how accumulators become outputs.
type RequantizeRule string

// The requantisation rules.
const (
	Single     RequantizeRule = "single"      // a float32 factor, rounded as float32 is (ONNX)
	FixedPoint RequantizeRule = "fixed point" // a factor of 31 bits, rounded twice (TFLite)
	PowerOfTwo RequantizeRule = "shift"       // a shift alone
)

// RequantizeRules returns all requantisation rules.
func RequantizeRules() []RequantizeRule {
	return []RequantizeRule{Single, FixedPoint, PowerOfTwo}
}

// Requantize is the stage of bias, scaling, rounding and clamping.
type Requantize struct {
	Rule                  RequantizeRule
	Lanes                 int  // values per cycle
	InputBits, OutputBits int  // of a sum that count; of a value that leaves
	Signed                bool // sums have a sign
	Adds                  bool // a constant is added first, as int32 does
	Shift                 int  // what the product is divided by: 2^Shift
	Lift                  int  // shift to the left at most, that differs by channel; 0 = one shift for all, which is wiring
	Left                  int  // shift to the left at most in front of the product, of FixedPoint
	Narrow                bool // limits other than those of the type
	ParamWords            int  // words of per-channel parameters (output folds x group folds); 0 = constants
	Latency               int  // cycles; 1 is a register
}

// FIFO is an edge between two stages. Depth 0 is a wire.
type FIFO struct {
	Depth     int // beats
	WidthBits int
	Latency   int // cycles; 0 is 1
	Style     RAMStyle
}
