// Package space numbers the points of a design space: every combination of the values of its axes.
//
// An Axis holds one or more parameters and the values they take together; a zipped axis moves several
// parameters in step. A Space is an ordered list of axes. Its points are the numbers 0 .. Size()-1 in mixed
// radix: the first axis is the slowest, the last the fastest, as nested loops in the order written.
//
// Guarantees: a point's number depends on the axes alone; a Space is immutable and safe for concurrent use; nothing is
// materialised, so a space may have up to MaxSize points; PointInto and CoordsInto do not allocate.
//
// Axes are user input, so constructors return errors that name the parameter, the bad value and what is
// allowed, and New reports every mistake at once. A point number out of range is a broken invariant and
// panics.
package space
