// Package hdltools asks other people's programs about emitted hardware, for tests:
// Verilator, Yosys, and slang where Python has it. A test whose program is not there
// is skipped, and says so.
package hdltools
