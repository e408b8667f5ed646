// Package golden reads suites of expected results made by other frameworks and
// compares tensors with them.
//
// A suite is a folder with a manifest.json and the files it names, or a zip of
// such a folder (Pack makes one). The manifest lists cases: an operation with
// its attributes, inputs and outputs as .npy files with SHA-256, and how to
// compare:
//
//	exact     every bit, and the element type
//	bound     |got - want| <= bound, the bound a tensor of its own
//	allclose  |got - want| <= atol + rtol*|want|, nan where nan
//	special   nan where nan, otherwise numerically equal (-0 equals 0)
//
// Files are read when asked for and checked against their SHA-256, and their
// type and shape against the manifest.
package golden
