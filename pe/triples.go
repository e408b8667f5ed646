package pe

// triples holds the weights of twelve outputs at a time as four words, three weights in
// each: a + b<<21 + c<<42. One multiply-add serves three outputs. That is exact as long
// as no sum leaves 21 bits, so after some elements words are unpacked and begin again.
type triples struct {
	chunk int          // elements that are added up between unpacking, a multiple of 4
	quads [][][4]int64 // by twelve outputs, element, word
}

const (
	tripleBits   = 21
	perQuad      = 12 // outputs
	leastInChunk = 16 // with less, unpacking costs more than it saves
)

// newTriples arranges as many whole dozens of rows as there are; elements off the mask
// become 0. None are where sums grow too fast.
func newTriples(rows [][]int32, mask []bool, x Span) triples {
	weight := int64(1)
	for _, row := range rows {
		for e, w := range row {
			if mask[e] {
				weight = max(weight, int64(abs(int64(w))))
			}
		}
	}
	most := int64(1)<<(tripleBits-1) - 1
	greatest := max(-x.Min, x.Max, 1)
	if weight > most || greatest > most || most/(weight*greatest) < leastInChunk {
		return triples{}
	}
	t := triples{chunk: int(min(most/(weight*greatest)&^3, 1<<20))}
	for o := 0; o+perQuad <= len(rows); o += perQuad {
		quad := make([][4]int64, len(mask))
		for e := range quad {
			for i := range 4 {
				if of := rows[o+3*i:]; mask[e] {
					quad[e][i] = int64(of[0][e]) + int64(of[1][e])<<tripleBits + int64(of[2][e])<<(2*tripleBits)
				}
			}
		}
		t.quads = append(t.quads, quad)
	}
	return t
}

// outputs is how many it holds.
func (t *triples) outputs() int { return perQuad * len(t.quads) }

// dot multiplies one vector by the twelve outputs of a quad.
func (t *triples) dot(quad [][4]int64, x []int32) (sums [perQuad]int64) {
	for len(x) > 0 {
		n := min(t.chunk, len(x))
		a, b, c, d := dotQuad(quad[:n], x[:n])
		for i, word := range [4]int64{a, b, c, d} {
			const unused = 64 - tripleBits
			low := word << unused >> unused
			word = (word - low) >> tripleBits
			middle := word << unused >> unused
			sums[3*i] += low
			sums[3*i+1] += middle
			sums[3*i+2] += (word - middle) >> tripleBits
		}
		quad, x = quad[n:], x[n:]
	}
	return sums
}
