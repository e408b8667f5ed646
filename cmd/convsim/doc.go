// Command convsim simulates convolutions on streaming FPGA hardware: exact
// values, exact cycles.
//
// stdout is data, stderr is talk. Exit codes: 0 ok; 1 a check failed (mismatch,
// regression, deadlock) or the run was interrupted; 2 bad usage, bad files.
package main
