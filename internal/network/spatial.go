package network

import "fmt"

// image is a tensor seen as images of channels.
type image struct{ batch, channels, height, width int }

// imageOf sees [batch, channels, height, width], or with one spatial axis
// [batch, channels, width], as images.
func imageOf(t Type) (image, error) {
	s := t.Shape
	switch len(s) {
	case 3:
		return image{s[0], s[1], 1, s[2]}, nil
	case 4:
		return image{s[0], s[1], s[2], s[3]}, nil
	}
	return image{}, fmt.Errorf("%s; allowed: [batch, channels, height, width] or [batch, channels, width]", t)
}

// shape is the opposite of imageOf for a tensor with that many axes.
func (m image) shape(rank int) []int {
	if rank == 3 {
		return []int{m.batch, m.channels, m.width}
	}
	return []int{m.batch, m.channels, m.height, m.width}
}
