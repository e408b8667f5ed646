// Package linebuffer models what stands between the image and the
// processing-element arrays: padding, line buffers and dilated sliding windows.
//
// Three processes of the time plane, cycle for cycle those of Xilinx/finn's RTL
// (finn-rtllib/fmpadding and swg) where FINN has the hardware:
//
//   - Pad inserts zeros, one padded beat per cycle, latency 1;
//   - Buffer is one addressable memory with a write and a registered read port.
//     It serves the serial window, one tap per beat, and the padding modes that
//     re-read stored beats (reflect, replicate, circular);
//   - ShiftWindow is the parallel window: every beat shifts a chain of registers
//     and line buffers that shows all taps of a window at once.
//
// One rule covers stride, dilation and padding modes: a beat may be read one
// cycle after it arrived, and overwritten one cycle after its last read. Which
// reads those are is package sched's loop nest.
//
// Positions are beats in order of arrival, counted over all frames; times are
// cycles. Memory is proportional to the depth of the buffer, and to the image's
// height plus width for the loop nest.
package linebuffer
