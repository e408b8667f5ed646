// Command 04_network reads an ONNX model, runs a frame through it on a small array,
// and says which layers set the pace.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/convsim/convsim"
)

func main() {
	model, err := convsim.ReadModel("../testdata/models/resnet8.onnx", nil)
	if err != nil {
		stop(2, err)
	}
	plan, err := convsim.MapModel(model, convsim.Hardware{ClockMHz: 250, Array: convsim.Array{PE: 8, SIMD: 8}})
	if err != nil {
		stop(2, err)
	}
	ctx := context.Background()
	out, err := convsim.RunModel(ctx, plan, nil)
	if err != nil {
		stop(1, err)
	}
	fmt.Printf("%s: a frame in %d cycles, %d nodes verified: %v\n", out.Model, out.Cycles, out.NodesVerified, *out.Verified)

	times, err := convsim.TimeModel(ctx, plan, 10)
	if err != nil {
		stop(1, err)
	}
	fmt.Printf("ten frames in %d, one every %g\n", times.Cycles, *times.SteadyInterval)
	slices.SortStableFunc(times.Layers, func(a, b convsim.LayerUse) int { return cmp.Compare(b.Interval, a.Interval) })
	for _, l := range times.Layers[:3] {
		fmt.Printf("%-42s %6.0f cycles a frame, %s\n", l.Name, l.Interval, l.Busiest)
	}
}

func stop(code int, err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(code)
}
