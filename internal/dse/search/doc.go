// Package search decides which points of a design space to evaluate, and in which order.
//
// A Plan (Grid, Random, LatinHypercube, NSGA2) is plain data; Start turns it into a Strategy that is asked
// for points and told their results. Evaluation happens outside and may be parallel: what a strategy asks for
// depends on its plan, the space and the results alone, never on how many points are asked for at a time or
// in which order results arrive.
//
// Objectives are minimized; to maximize one, tell its negative. A point that breaks constraints has a positive
// Violation; one that could not be evaluated at all has Violation +Inf and no objectives.
//
// Guarantees: no point is asked for twice; equal seeds give equal points (PCG of math/rand/v2); Random with a larger
// N starts with the points of a smaller one; Grid and Random hold no state per point. A Strategy is not safe for
// concurrent use. Telling what was not asked is a broken invariant and panics.
package search
