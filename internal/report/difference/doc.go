// Package difference sets two runs beside each other: what changed in the design, and
// what that did to cycles, stages, layers, FIFOs and resources.
//
// A Run is what the report of a layer, of a network, or of a network layer by layer has
// in common with the others, read from what `convsim run --json` writes.
//
// It is written as text, as JSON, or as a page for a browser: one file, without a script.
//
// Guarantees: stages, layers and FIFOs are matched by name, and none is left out that is
// in one run alone; Compare of a run with itself finds nothing; the same runs give the
// same bytes.
package difference
