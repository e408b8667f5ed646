// Package judge says what the expressions of a sweep make of a point.
//
// New compiles the constraints, derived values and objectives of a definition, and reports every mistake with
// its place. A Judge gives a Verdict on the parameters and metrics of a point, and before the point is
// simulated what is known of it already: the constraints that are broken whatever the cycles are, and a lower
// bound of each objective. Objectives are turned so that less is better. A Judge never changes; it is safe
// for concurrent use.
package judge
