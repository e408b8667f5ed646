package mapping

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/sched"
)

// gathered makes a frame of another type of elements of a feed, which From counts as
// they cross. Elements that stay together cross together. What happens alike within
// parts of the frame needs a memory of one part; what stays where it is needs none.
func (n *net) gathered(f feed, g scalar.Gather, t network.Type, axes []int) feed {
	elements := int(f.stream.Frame()) * f.stream.Lanes
	lanes := together(g.From, gcd(f.stream.Lanes, lastAxis(t, axes)))
	if len(g.From) == elements && areTogether(g.From, elements) {
		return n.reshaped(f, t, axes, lanes)
	}
	batches := partsAlike(g.From, elements, lanes)
	g.From = g.From[:len(g.From)/batches]
	return n.inBatches(f, lanes, func(sched.Stream, sched.Stream) int64 { return int64(batches) }, g, t, axes)
}

// together is how many elements, at most so many and a divisor of that, always come
// from places side by side, beginning at a multiple of their number, or are all the
// one constant.
func together(from []int32, most int) int {
	for lanes := most; lanes > 1; lanes = divisor(most, lanes-1) {
		if areTogether(from, lanes) {
			return lanes
		}
	}
	return 1
}

func areTogether(from []int32, lanes int) bool {
	if len(from)%lanes != 0 {
		return false
	}
	for i, p := range from {
		first := from[i-i%lanes]
		switch {
		case first >= 0 && int(first)%lanes == 0 && int(p) == int(first)+i%lanes:
		case first == -1 && p == -1:
		default:
			return false
		}
	}
	return true
}

// partsAlike is the largest number of parts, of the beats of both frames, of which
// each is made of the one of its own number alone, and as the others are.
func partsAlike(from []int32, elements, lanes int) int {
	most := gcd(elements/lanes, len(from)/lanes)
	for parts := most; parts > 1; parts = divisor(most, parts-1) {
		if areAlike(from, elements/parts, len(from)/parts) {
			return parts
		}
	}
	return 1
}

func areAlike(from []int32, take, give int) bool {
	for i, p := range from {
		first := from[i%give]
		switch {
		case first < 0 && p == first:
		case first >= 0 && int(first) < take && int(p) == int(first)+i/give*take:
		default:
			return false
		}
	}
	return true
}
