// Package synth synthesizes emitted hardware with Yosys and holds what that took
// against the estimate of package resources, block by block.
//
// Run has Yosys map a project for a family of devices, blocks kept apart, and reads the
// netlist: what a module takes is the sum of its cells and of the modules within,
// each as often as it stands there. A block's instance is found by the path that the
// emission gave it. Registers, LUTs and memories are counted as Yosys leaves them:
// before placing, which may still merge LUTs.
package synth
