package clock

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestEchoesAreTheTimes: what echoes say of beats, of which some move by themselves in between, is what
// a list of all times says, whoever asks for which.
func TestEchoesAreTheTimes(t *testing.T) {
	const size = 64
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(3, seed))
		c, ring, all := echoes{}, make([]Cycle, size), []Cycle{}
		move := func(n int64) {
			for range n {
				all = append(all, Cycle(r.Int64N(9))+1)
				if k := len(all) - 1; k > 0 {
					all[k] += all[k-1]
				}
				ring[(len(all)-1)%size] = all[len(all)-1]
			}
		}
		for move(10); len(all) < 1000; move(r.Int64N(12)) {
			from, beats := int64(len(all)), 1+r.Int64N(8)
			period := all[from-1] - all[from-beats] + Cycle(r.Int64N(5)) + 1
			for range 1 + r.Int64N(3) {
				end := int64(len(all)) + beats*(1+r.Int64N(3))
				c.add(beats, period, int64(len(all)), end, int64(len(all))-size, ring)
				for k := int64(len(all)); k < end; k++ {
					all = append(all, all[k-beats]+period)
				}
			}
			end := int64(len(all))
			for range 20 {
				k := max(0, end-1-r.Int64N(size))
				if got := c.at(k, ring); got != all[k] {
					t.Fatalf("seed %d: beat %d of %d moved in cycle %d, want %d", seed, k, end, got, all[k])
				}
				for to := c.known(2*beats, 2*period, k); k < to; k++ {
					if all[k] != all[k-2*beats]+2*period {
						t.Fatalf("seed %d: beat %d is no echo of beat %d", seed, k, k-2*beats)
					}
				}
			}
			if k := c.known(beats, period, from); k != end {
				t.Fatalf("seed %d: echoes known from beat %d to %d, want %d", seed, from, k, end)
			}
			written := slices.Clone(ring)
			c.write(end-size, end, written)
			for k := max(0, end-size); k < end; k++ {
				if written[k%size] != all[k] {
					t.Fatalf("seed %d: cycle %d written of beat %d of %d, want %d", seed, written[k%size], k, end, all[k])
				}
			}
		}
	}
}
