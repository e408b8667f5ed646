// Package proof shows that emitted hardware does in every cycle what a plan does.
//
// [New] makes a project of a design: the SystemVerilog of package hdl, and a
// testbench that offers the design's inputs in the cycles in which its sources do,
// and holds every handshake at both ends of every edge to the cycle in which the
// time plane has it, and every output to what the value plane computed.
// [Project.Write] writes the folder, [Project.Check] runs it in a simulator.
//
// The folder depends on the design alone, byte by byte.
package proof
