// Package definition holds everything that decides the results of a sweep, as plain data with nothing left to
// look up in other files: the base hardware, the layers, axes, expressions, strategy, board and energy table.
//
// A Definition travels as JSON in the folder of results. Its Identity is a hash of it: sweeps of one identity
// have the same results. Applies says which metrics such a sweep has, and Hint why it lacks one.
package definition
