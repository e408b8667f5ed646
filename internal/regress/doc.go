// Package regress runs what is known of the simulator's results again and says
// what has changed.
//
// Three kinds of knowledge are held, and a Plan is any mix of them:
//
//	expectation  NAME.expect.yaml: cycles, stalls, resources and output hashes
//	             recorded earlier, one hardware a file, one line a layer
//	golden       suites computed by other frameworks (package golden), every
//	             convolution streamed through the pipeline of a hardware
//	rtl          tables of handshakes measured from real RTL (package rtl)
//
// Cases run side by side; results come in the order of the plan whatever the
// number of jobs. A case passes, fails, or is skipped with a reason. Expectation
// files can be recorded anew: a layer whose output is not Conv2d's, or not the
// expected one, is not, unless its line says verified: false already or the
// hardware allows its accumulators to overflow. Outputs that the modelled
// hardware would not make always fail. All mistakes of usage are found before
// anything runs or is written.
package regress

//go:generate go test -run TestSchemaIsCurrent -update
