// Package hdl makes SystemVerilog of a plan.
//
// Every module that does something is one of a library of static, parameterised
// ones (lib/convsim_*.sv, embedded). A block's face is [Built]: which of them it
// is, with which parameters and which constants in memories. What is generated is
// instances and wires alone: a module a layer, and a top with AXI4-Stream ports.
//
// [Emit] refuses a plan with blocks that have no hardware, all of them at once.
// What it returns depends on the plan and its constants alone, byte by byte.
//
// Conventions: the clock is aclk, the reset aresetn, synchronous and active low;
// valid never waits for ready; lane 0 of a beat is in the lowest bits. A memory is
// loaded from a .mem file of hexadecimal words whose name is a string parameter of
// the top.
package hdl
