// Package convsim simulates PyTorch's Conv2d, and networks of it, on streaming FPGA hardware: cycles as
// real RTL has them, values bit for bit.
//
// A Hardware and a Conv2d are literals with the defaults and checks of their files:
// fields left at zero take the file's default. Map plans the machine, to be looked
// at before anything runs; Run moves real tensors through it and compares what comes
// out with a slow, obvious reference.
//
//	hw := convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}}
//	layer := convsim.Conv2d{In: 16, Out: 16, Kernel: 3, Padding: 1}.On(8, 8)
//	plan, err := convsim.Map(layer, hw)
//	out, err := convsim.Run(ctx, plan, nil)
//	fmt.Println(out.Cycles, out.Stage("array").Busy)
//
// A network is read from a file: ReadModel, MapModel, RunModel, and TimeModel where
// cycles alone are wanted.
//
// Mistakes are an *Invalid, which lists them all; a design that cannot finish is a
// *Deadlock; outputs that are not what they should be are a *Mismatch, of a network a *WrongNode. Nothing
// panics on a literal, however wrong.
//
// This package is the library's front door and stays as it is; the packages below
// it may change.
package convsim
