// Package fit finds hardware for a network on a board: how every layer is folded,
// and how deep the FIFOs are.
//
// Formulas propose: for an interval, the cheapest legal fold of every layer that is
// not slower by its formula. Simulation decides: every stage of the plan is run alone,
// and one that is too slow gets another fold, or wider streams, until none is. Then
// FIFOs are sized, which keeps the interval and is proven by a run, and the whole is
// held against the board. The shortest interval that fits is found by bisection. Weights
// go into UltraRAM where block RAM gets full.
//
// Weights that are dual to the limits prove of most intervals that no folds keep them and fit,
// and lead to folds that do. Where none fit with all weights on the chip, or only slower ones,
// weights of some layers come by the board's DRAM: folds then have a share of its port, too,
// and a run of the whole says how fast they are together.
//
// FIFOs of large networks are not searched: those by rule, with a short run that says what
// waits where streams meet, must fit, and what room is left makes them deeper.
//
// Quick does without simulations of stages and without sizing: formulas decide, and one run
// says how fast the design is.
//
// Equal networks and options give equal hardware.
package fit
