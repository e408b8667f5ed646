// Package wave writes waveforms: signals and when they change, for viewers such as
// GTKWave and Surfer. VCD is text that everything reads; FST is GTKWave's compact format.
// And it writes timelines, slices on tracks, for Perfetto and for Chrome.
//
// It promises that names are legal and unique within their scope, and that a file is
// written as its changes come: a VCD in the memory of one change, an FST in that of a
// block of some megabytes. It knows no hardware.
package wave
