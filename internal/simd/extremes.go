package simd

// Extremes returns the least and the greatest of x and of what is given.
func Extremes(x []int32, least, most int32) (int32, int32) { return extremesBy(&use, x, least, most) }

func extremesBy(k *kernels, x []int32, least, most int32) (int32, int32) {
	if n := len(x) &^ 7; k.extremes != nil && n > 0 {
		var lows, highs [8]int32
		for i := range lows {
			lows[i], highs[i] = least, most
		}
		k.extremes(&x[0], n, &lows, &highs)
		for i := range lows {
			least, most = min(least, lows[i]), max(most, highs[i])
		}
		x = x[n:]
	}
	for _, v := range x {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}
