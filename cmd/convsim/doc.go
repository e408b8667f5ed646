// Command convsim simulates convolutions, and whole networks, on streaming FPGA
// hardware: exact values, exact cycles.
//
// stdout is data, stderr is talk. Exit codes: 0 ok; 1 a check failed (mismatch,
// regression, deadlock); 2 bad usage, bad files; 130 interrupted (Ctrl-C), 143
// terminated.
package main
