// Package sweepfile is a sweep as written: the YAML of SWEEP.yaml, decoded with the place of every mistake.
//
// It says what is legal to write, not what it means on some hardware: package dse turns a File into a sweep.
package sweepfile
