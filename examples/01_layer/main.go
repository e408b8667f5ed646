// Command 01_layer runs one convolution on a small array and says how many cycles it
// took and what its stages did.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/convsim/convsim"
)

func main() {
	hw := convsim.Hardware{ClockMHz: 250, Array: convsim.Array{PE: 8, SIMD: 8}}
	layer := convsim.Conv2d{In: 16, Out: 16, Kernel: 3, Padding: 1}.On(8, 8)
	plan, err := convsim.Map(layer, hw)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out, err := convsim.Run(context.Background(), plan, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d cycles, %.1f %% of the multipliers used, outputs verified: %v\n", out.Cycles, 100*out.Utilization, *out.Verified)
	for _, s := range out.Stages {
		fmt.Printf("%-12s busy %4d, starved %4d, blocked %4d\n", s.Name, s.Busy, s.Starved, s.Blocked)
	}
}
