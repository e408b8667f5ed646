// Package blocktest makes random machines for tests: of every kind of block the
// ones that are legal, alone between sources and sinks, and networks of all of
// them. It is the one list of the kinds there are: a new block is added to Kinds
// and is held at once to the tests here, to both planes' oracles, and to the test
// of registers in package clock.
//
// Stepped builds a plan for the cycle-stepped simulator; Expected computes what
// its sinks collect with loops over pixels.
package blocktest
