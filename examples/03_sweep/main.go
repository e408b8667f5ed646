// Command 03_sweep tries arrays of up to 64 multipliers on a layer and prints those
// that no smaller one beats.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/convsim/convsim"
)

func main() {
	layer := convsim.Conv2d{In: 16, Out: 32, Kernel: 3, Padding: 1}.On(14, 14)
	best := map[int]int64{} // cycles, by multipliers
	for pe := 1; pe <= 8; pe *= 2 {
		for simd := 1; simd <= 8; simd *= 2 {
			plan, err := convsim.Map(layer, convsim.Hardware{Array: convsim.Array{PE: pe, SIMD: simd}})
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
			out, err := convsim.Time(context.Background(), plan, 1)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			if n, known := best[pe*simd]; !known || out.Cycles < n {
				best[pe*simd] = out.Cycles
			}
		}
	}
	fewest := int64(1) << 62
	for n := 1; n <= 64; n *= 2 {
		if best[n] < fewest {
			fewest = best[n]
			fmt.Printf("%2d multipliers: %7d cycles\n", n, fewest)
		}
	}
}
