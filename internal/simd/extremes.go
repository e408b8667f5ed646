package simd

import "sync"

// extremes are those of every lane.
type extremes struct{ least, most [8]int32 }

var lanes = sync.Pool{New: func() any { return new(extremes) }}

// Extremes returns the least and the greatest of x and of what is given.
func Extremes(x []int32, least, most int32) (int32, int32) { return extremesBy(&use, x, least, most) }

func extremesBy(k *kernels, x []int32, least, most int32) (int32, int32) {
	if n := len(x) &^ 7; k.extremes != nil && n > 0 {
		e := lanes.Get().(*extremes)
		for i := range e.least {
			e.least[i], e.most[i] = least, most
		}
		k.extremes(&x[0], n, &e.least, &e.most)
		for i := range e.least {
			least, most = min(least, e.least[i]), max(most, e.most[i])
		}
		lanes.Put(e)
		x = x[n:]
	}
	for _, v := range x {
		least, most = min(least, v), max(most, v)
	}
	return least, most
}
