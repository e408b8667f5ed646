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
