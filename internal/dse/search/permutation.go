package search

import "math/bits"

// rounds of the network; four make a Feistel network indistinguishable from random in theory, the rest is for
// tiny halves.
const rounds = 8

// permutation is a pseudo-random bijection of 0 .. size-1 that needs no memory per element: a balanced
// Feistel network on the next even number of bits, walked along its cycle until it falls inside (under four
// steps on average).
type permutation struct {
	size int64
	half uint // bits of one half
	keys [rounds]uint64
}

func newPermutation(size int64, seed uint64) *permutation {
	p := &permutation{size: size, half: uint(bits.Len64(uint64(size-1))+1) / 2}
	rng := newRand(seed, streamPermutation)
	for i := range p.keys {
		p.keys[i] = rng.Uint64()
	}
	return p
}

func (p *permutation) at(i int64) int64 {
	for x := uint64(i); ; {
		x = p.encrypt(x)
		if x < uint64(p.size) {
			return int64(x)
		}
	}
}

func (p *permutation) encrypt(x uint64) uint64 {
	mask := uint64(1)<<p.half - 1
	left, right := x>>p.half, x&mask
	for _, key := range p.keys {
		left, right = right, left^(mix(right^key)&mask)
	}
	return left<<p.half | right
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014): every output bit depends on every input bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
