package mapping

import (
	"cmp"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
)

// reshape sees the elements in memory as another shape. Axes that are split, or
// joined with those that cross right behind them, need no memory.
func (n *net) reshape(f feed, t network.Type) feed {
	if axes, ok := carried(f, t); ok {
		return n.reshaped(f, t, axes, gcd(f.stream.Lanes, lastAxis(t, axes)))
	}
	axes := naturalAxes(len(t.Shape))
	if len(t.Shape) == 4 { // most likely an image
		axes = imageAxes(4)
	}
	return n.rearranged(f, scalar.Gather{From: Places(t.Shape, axes)}, t, axes)
}

// carried is the order of the axes of t in which f crosses already, if there is one.
// Axes of size 1 come first.
func carried(f feed, t network.Type) ([]int, bool) {
	from, to, ok := factors(f.typ.Shape, t.Shape)
	if !ok {
		return nil, false
	}
	var crossing []int // factors, in the order in which they cross
	for _, a := range f.axes {
		crossing = append(crossing, from[a]...)
	}
	axes := naturalAxes(len(t.Shape))
	slices.SortStableFunc(axes, func(a, b int) int { return cmp.Compare(place(crossing, to[a]), place(crossing, to[b])) })
	var wanted []int
	for _, a := range axes {
		wanted = append(wanted, to[a]...)
	}
	return axes, slices.Equal(wanted, crossing)
}

// place is where the first of an axis' factors crosses, -1 if it has none.
func place(crossing, factors []int) int {
	if len(factors) == 0 {
		return -1
	}
	return slices.Index(crossing, factors[0])
}

// factors splits the axes of two shapes of as many elements, without the batch, into
// factors that both have, counted as they lie in memory: 48 and 2 x 24 are two of
// them. Axes of size 1 have none. There are none of 2 x 3 and 3 x 2.
func factors(a, b []int) (ofA, ofB [][]int, ok bool) {
	ofA, ofB = make([][]int, len(a)), make([][]int, len(b))
	i, j, restA, restB := 0, 0, 1, 1
	for count := 0; ; count++ {
		for ; restA == 1 && i+1 < len(a); restA = a[i] {
			i++
		}
		for ; restB == 1 && j+1 < len(b); restB = b[j] {
			j++
		}
		if restA == 1 || restB == 1 {
			return ofA, ofB, restA == restB
		}
		size := min(restA, restB)
		if size == 0 || restA%size != 0 || restB%size != 0 {
			return nil, nil, false
		}
		restA, restB = restA/size, restB/size
		ofA[i], ofB[j] = append(ofA[i], count), append(ofB[j], count)
	}
}
