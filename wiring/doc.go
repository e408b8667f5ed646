// Package wiring holds the blocks that belong to no layer: the ends of a plan,
// forks and joins, and the register stage that other blocks are made of.
//
// Beats are not looked at: what a join makes of its inputs is a matter of
// values.
package wiring
