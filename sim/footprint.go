package sim

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/convsim/convsim/tensor"
)

// checkMemory refuses data that cannot be held, before any of it is made: a
// tensor above tensor.MaxBytes, or all together above the memory there is.
func (d *Design) checkMemory(frames int) error {
	in, out := d.Fold.Shape.InputShape(), d.Fold.Shape.OutputShape()
	in[0], out[0] = frames, frames
	for _, t := range []struct {
		key, name string
		shape     []int
		size      int64
	}{
		{"input", "input", in, int64(d.Layer.DType.Input.Size())},
		{"kernel_size", "weight", d.Fold.Shape.WeightShape(), int64(d.Layer.DType.Weight.Size())},
		{"input", "output", out, accumulatorBytes},
	} {
		if n, err := tensor.Elements(t.shape); err != nil || n > tensor.MaxBytes/t.size {
			return d.Layer.Wrong(t.key, fmt.Sprintf("%s of shape %v: %.3g GB", t.name, t.shape, float64(n)*float64(t.size)/1e9),
				fmt.Sprintf("at most %.3g GB for a tensor", float64(tensor.MaxBytes)/1e9))
		}
	}
	if bytes, free := d.footprint(frames), freeMemory(); bytes > free {
		return d.Layer.Wrong("input", fmt.Sprintf("a run of %d frames that holds %.3g GB", frames, bytes/1e9),
			fmt.Sprintf("at most %.3g GB, the memory free; --no-values needs none of it", free/1e9))
	}
	return nil
}

// accumulatorBytes is the size of an element on its way through the stages.
const accumulatorBytes = 4

// footprint estimates the bytes a run with values holds at a time.
func (d *Design) footprint(frames int) float64 {
	f, s, t := d.Fold, d.Fold.Shape, d.Layer.DType
	const word = accumulatorBytes
	pixels := float64(s.InChannels) * float64(s.InHeight) * float64(s.InWidth)
	weights := float64(s.OutChannels) * float64(s.Taps())
	outputs := float64(frames) * float64(s.OutChannels) * float64(s.OutHeight) * float64(s.OutWidth)

	bytes := float64(frames)*pixels*float64(t.Input.Size()) +
		weights*float64(t.Weight.Size()+2*word) + // as given, in order, arranged for the arrays
		outputs*word
	if t.Output.Size() != word {
		bytes += outputs * float64(t.Output.Size())
	}
	row := float64(s.PaddedWidth()) * float64(s.InChannels) * word
	rows := float64(s.KernelExtent().H+3)*row + pixels*word
	vectors := float64(s.Groups) * float64(f.VectorElements()) * float64(s.OutWidth) * word
	padded := float64(s.PaddedHeight()) * row // of the reference
	padded += comparedBytes * float64(s.OutHeight) * float64(s.OutWidth)
	const tap = 40 // in the order of a sum
	return bytes + rows + slabsHeld*vectors + padded + tap*float64(s.Taps())
}

// comparedBytes is what the reference holds of an output while it is compared: the
// sums, exact and held, the activations, and the output.
const comparedBytes = 8 + 4 + 8 + 4

// slabsHeld is how many rows of vectors are between window and arrays: being
// made, under way, and being read.
const slabsHeld = 4

// memoryUnknown is taken for the free memory where the system does not say.
const memoryUnknown = 8 << 30

// freeMemory is how many bytes can be allocated without swapping.
func freeMemory() float64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return memoryUnknown
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib float64
		if rest, ok := strings.CutPrefix(lines.Text(), "MemAvailable:"); ok {
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return kib * 1024
			}
		}
	}
	return memoryUnknown
}
