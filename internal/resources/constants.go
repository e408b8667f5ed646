package resources

// The constants of all estimates, each with its source:
//
//	FINN-R   M. Blott et al., "FINN-R: An End-to-End Deep-Learning Framework for Fast
//	         Exploration of Quantized Neural Networks", ACM TRETS 11(3), 2018, as coded in
//	         Xilinx/finn, custom_op/fpgadataflow/{,hls/,rtl/}matrixvectoractivation*.py
//	SWG      Xilinx/finn, custom_op/fpgadataflow/rtl/convolutioninputgenerator_rtl.py
//	FIFO     Xilinx/finn, custom_op/fpgadataflow/streamingfifo.py and finn-rtllib/fifo/hdl/Q_srl.v
//	FPGACN   AlexMontgomerie/fpgaconvnet-model, tools/resource_analytical_model.py
//	LIMITS   Xilinx/finn, util/platforms.py, DEFAULT_RES_LIMITS
//	UG474, UG479, UG573, UG574, UG579, AM004  AMD/Xilinx user guides (CLBs, memories, DSP slices)

// Multiplier arrays.
const (
	arrayControlLUT = 12 // counted: lock, output register and what goes along with a beat
	arrayControlFF  = 3

	lutMultInputs = 6 // FINN-R: a multiplier in LUTs works through ceil((W+A)/6) layers

	dotWeightBits = 8 // finn-rtllib/mvu/mvu_vvu_8sx9_dsp58.sv: INT8 dot product
	dotInputBits  = 9
	dotLanes      = 3

	// _resolve_segment_len in rtl/matrixvectoractivation_rtl.py: delay in ns of the first
	// DSP58 of a cascade and of each one after it.
	dsp58FirstNs = 0.741
	dsp58NextNs  = 0.605
)

// multiplierPorts are the operand widths of one DSP slice in bits (UG479, UG579, AM004).
var multiplierPorts = map[DSPKind]struct{ wide, narrow int }{
	DSP48E1: {25, 18},
	DSP48E2: {27, 18},
	DSP58:   {27, 24},
}

// Memories.
const (
	smallMemoryBits  = 1024 // FPGACN: no block RAM up to this size
	smallMemoryDepth = 32   // FPGACN: nor up to this depth

	lutEntries = 64 // UG474, UG574: of one bit in a LUT

	lutramShallow = 32 // UG574: words of a RAM32M16, two of its bits a port
	lutramBits    = 7  // ports to read at of eight LUTs
	lutramLUTs    = 8

	uramDepth = 4096 // UG573
	uramWidth = 72

	fifoDepth = 64 // the emitted FIFO: up to this depth, or so many bits, of LUTs
	fifoBits  = 4096
)

// bramShape is one aspect ratio of a BRAM18.
type bramShape struct{ depth, width int }

// bramShapes are the aspect ratios of a BRAM18, shallow to deep (UG573, table 1-10).
var bramShapes = []bramShape{{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}}

// Glue logic, counted from the RTL or from the slice: nothing of this is fitted.
const (
	adderLUTPerBit   = 1 // UG474, UG574: one LUT drives one bit of a carry chain
	muxSelectsPerLUT = 2 // UG474, UG574: one LUT is a 4:1 multiplexer, two select bits
	reduceInputs     = 6 // one LUT looks at six bits
	padRegisters     = 2 // finn-rtllib/fmpadding/hdl/fmpadding.sv: buffers A and B
	counterLUTPerBit = 2 // increment and compare
	shiftChain       = 3 // registers in a row that Yosys makes a shift register of
)

// closureLimits are the shares of a device that a design should stay under to
// close timing (LIMITS).
var closureLimits = map[Resource]float64{LUT: 0.7, FF: 0.5, DSP: 0.8, BRAM18: 0.8, URAM: 0.8}
