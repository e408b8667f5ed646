// Package resources estimates what a machine costs on an FPGA, whether it fits a
// board, and how much energy an inference takes relative to other designs.
//
// Price asks every block of a plan for its entries in a Bill: what its stages are
// made of (parts: an Array, a Window, a Reduction), its memories and how often they
// are used, its arithmetic. FIFOs follow from the plan's edges. The Bill's Report
// has LUTs, flip-flops, DSP slices, BRAM18 (18 Kbit blocks; a RAMB36 is two) and
// URAM, one row per stage and a total. Widths are in bits, depths in beats or
// words, clocks in MHz, energies in picojoules. Blocks know the names of their
// stages and what they are made of; this package knows the formulas of parts.
//
// Every formula is a small function that names its source: FINN and FINN-R,
// fpgaConvNet, or a count of the registers and LUTs of the RTL it describes.
// Every number in them is in constants.go. The estimates are made before
// synthesis, for choosing between designs: DSP and memory counts are close,
// LUTs within tens of per cent, flip-flops the roughest (no tool of the field
// estimates them; they are counted structurally here).
//
// Numbers are integers: an array of floating-point units is not modelled (the
// energy tables know them).
//
// More lanes never cost fewer DSPs, and deeper memories never fewer blocks.
// Results depend on the arguments only, and rows come in stream order.
package resources
