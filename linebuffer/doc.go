// Package linebuffer holds the blocks that stand between the image and what
// computes: padding, line buffers and dilated sliding windows.
//
//   - [Pad] inserts zeros, one padded beat per cycle, latency 1;
//   - [AddressedPad] keeps image beats and shows them again (reflect, replicate,
//     circular);
//   - [Upsample] keeps image beats and shows them several times, [Insert] puts
//     constant pixels between them;
//   - [Window] is the serial window: one addressable memory with a write and a
//     registered read port, one tap per beat;
//   - [ShiftWindow] is the parallel window: every beat shifts a chain of registers
//     and line buffers that shows all taps of a window at once.
//
// Each is plain data with its facts in one file and its faces beside it: time in
// *_clock.go, values in *_flow.go, cost in *_cost.go. In time they are cycle for
// cycle those of Xilinx/finn's RTL (finn-rtllib/fmpadding and swg) where FINN has
// the hardware.
//
// One rule covers stride, dilation and padding modes: a beat may be read one
// cycle after it arrived, and overwritten one cycle after its last read. Which
// reads those are is package sched's loop nest.
//
// Positions are beats in order of arrival, counted over all frames; times are
// cycles. Memory is proportional to the depth of the buffer, and to the image's
// height plus width for the loop nest.
package linebuffer
