// Package wave writes waveforms: signals and when they change, for viewers such as
// GTKWave and Surfer. It promises that names are legal and unique within their scope,
// and that a file is written as its changes come, in the memory of one change. It knows
// no hardware.
package wave
