// Package wavediff compares two waveforms, handshake by handshake: value change dumps that convsim wrote, or that a
// simulator wrote of hardware that convsim emitted.
//
// A dump is read as it comes; of each end of an edge the cycles in which a beat moves are kept, as ranges.
package wavediff
