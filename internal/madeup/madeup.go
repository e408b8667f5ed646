package madeup

import (
	"context"
	"math/bits"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/abreast"
)

// wide is a number of 128 bits.
type wide struct{ hi, lo uint64 }

// A state of PCG leads to the next by state*factor + addend.
var (
	factor = wide{2549297995355413924, 4865540595714422341}
	addend = wide{6364136223846793005, 1442695040888963407}
)

func (a wide) times(b wide) wide {
	hi, lo := bits.Mul64(a.lo, b.lo)
	return wide{hi + a.hi*b.lo + a.lo*b.hi, lo}
}

func (a wide) plus(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return wide{a.hi + b.hi + carry, lo}
}

// after is the state n draws later.
func (a wide) after(n uint64) wide {
	for f, add := factor, addend; n > 0; n >>= 1 {
		if n&1 > 0 {
			a = a.times(f).plus(add)
		}
		f, add = f.times(f), f.times(add).plus(add)
	}
	return a
}

// piece is how many numbers are made up by one processor before others are told to stop, too.
const piece = 1 << 16

// Integers fills x with numbers from lo to hi, as many as a power of two: those that
// rand.New(rand.NewPCG(seed, stream)) draws by Int64N. It stops when ctx ends.
func Integers[T int8 | uint8 | int16](ctx context.Context, x []T, lo, hi int64, seed, stream uint64) {
	abreast.Do(ctx, (len(x)+piece-1)/piece, abreast.All, func() func(int) {
		return func(i int) {
			start := wide{seed, stream}.after(uint64(i) * piece)
			fill(x[i*piece:min((i+1)*piece, len(x))], lo, hi, start)
		}
	})
}

func fill[T int8 | uint8 | int16](x []T, lo, hi int64, start wide) {
	draw, mask := rand.NewPCG(start.hi, start.lo), uint64(hi-lo)
	for i := range x {
		x[i] = T(lo + int64(draw.Uint64()&mask))
	}
}
