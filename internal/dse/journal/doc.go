// Package journal keeps the results of a sweep: a file that is only ever appended to, one line a point, each
// with a checksum, under a header for every version of the sweep.
//
// Read tells a line that was being written from a damaged one, from one of another version of the program,
// and from one that contradicts an earlier one; it never changes what it reads.
package journal
