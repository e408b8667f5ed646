// Command 02_pipeline looks at the plan of a dilated, grouped layer before anything
// runs, and then at where its frames per second go when a port is slow.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/convsim/convsim"
)

func main() {
	layer := convsim.Conv2d{In: 8, Out: 8, Kernel: 3, Padding: 2, Dilation: 2, Groups: 4}.On(12, 12)
	hw := convsim.Hardware{Array: convsim.Array{PE: 2, SIMD: 2, GroupParallel: 2}, FIFO: convsim.FIFO{Edges: map[string]int{"window.array": 16}}}
	plan, err := convsim.Map(layer, hw)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, e := range plan.Edges() {
		fmt.Printf("%-14s depth %2d, %2d bits, %4d beats a frame\n", e.Name, e.Depth, e.Bits, e.Beats)
	}
	for _, every := range []int64{1, 8, 16} {
		hw.Source = convsim.Port{Every: every}
		plan, err := convsim.Map(layer, hw)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		out, err := convsim.Time(context.Background(), plan, 5)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("a beat every %2d cycles: a frame every %v, %s\n", every, *out.SteadyInterval, out.Bottleneck.Why)
	}
}
