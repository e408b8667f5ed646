// Package pareto keeps the non-dominated vectors of a stream of points and measures them by hypervolume.
//
// Every objective is minimized; to maximize one, pass its negative. Vector a dominates b when it is nowhere larger and
// somewhere smaller. Vectors carry no units of their own: an objective is whatever the caller measures it in.
//
// Guarantees:
//   - an Archive holds exactly the non-dominated set of what was inserted, whatever the order of insertion;
//   - its memory is that of the front, not of the points seen;
//   - Insert does not allocate once the archive has reached the size of its front;
//   - Front is sorted by vector, then by point ID, so equal inputs give equal bytes.
//
// Objectives must not be NaN; an archive panics on one, as on a vector of the wrong length.
package pareto
