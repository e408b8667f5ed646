// Package tensor holds dense tensors of the number types of the simulator and
// reads and writes them as NumPy's .npy files.
//
// Elements lie in C order (last index fastest). A tensor of rank 0 is a scalar
// with one element; a dimension may be 0. int4 and uint4 have a byte per
// element in memory and in files, and are range checked on the way in.
//
// Sizes are checked before anything is allocated: a tensor larger than
// [MaxBytes], or a file that promises more than it holds, is an error that
// states the size. Errors say what was found and what is allowed. Indices out
// of range and elements read as the wrong kind of number are bugs of the
// caller and panic.
package tensor
