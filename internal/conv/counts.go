package conv

import (
	"fmt"
	"math/bits"
)

// MaxCount is the most elements, or multiply-accumulates, a layer may have:
// far from the limit of int64, so that sums of counts fit as well.
const MaxCount = 1 << 60

// checkCounts notes counts that are too large to compute with.
func (s Shape) checkCounts(ps *Problems) {
	taps := []int{s.GroupInChannels(), s.Kernel.H, s.Kernel.W}
	ps.count("input", "elements with padding", []int{s.Batch, s.InChannels, s.PaddedHeight(), s.PaddedWidth()})
	ps.count("kernel_size", "weights", append([]int{s.OutChannels}, taps...))
	ps.count("input", "multiply-accumulates", append(s.OutputShape(), taps...))
}

// count notes a product above MaxCount. The product is taken for at least one
// image, so that what fits does not depend on the batch being 0.
func (ps *Problems) count(key, what string, sizes []int) {
	n := uint64(1)
	for _, d := range sizes {
		hi, lo := bits.Mul64(n, uint64(max(d, 1)))
		if hi > 0 || lo > MaxCount {
			ps.add(key, fmt.Sprintf("%s %s", product(sizes), what), fmt.Sprintf("at most %d", int64(MaxCount)))
			return
		}
		n = lo
	}
}

// product writes a product with its factors, "2 x 3 x 5".
func product(sizes []int) string {
	text := ""
	for i, d := range sizes {
		if i > 0 {
			text += " x "
		}
		text += fmt.Sprint(d)
	}
	return text
}
