package conv

// Tap is one product of an output: channel C within the group, kernel row KY
// and column KX.
type Tap struct{ C, KY, KX int }

// Order is the order in which hardware adds up one output: a list of beats,
// each the taps it adds at once, in the order it adds them. Every tap of the
// kernel appears exactly once.
type Order [][]Tap

// NaturalOrder returns one tap a beat: kernel row, kernel column, channel, the
// channel fastest.
func NaturalOrder(s Shape) Order {
	o := make(Order, 0, s.Taps())
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			for c := range s.GroupInChannels() {
				o = append(o, []Tap{{c, ky, kx}})
			}
		}
	}
	return o
}

// Complete reports whether the order holds every tap of s exactly once.
func (o Order) Complete(s Shape) bool {
	seen := make([]bool, s.Taps())
	left := len(seen)
	for _, beat := range o {
		for _, t := range beat {
			if !s.has(t) || seen[s.weightIndex(t)] {
				return false
			}
			seen[s.weightIndex(t)] = true
			left--
		}
	}
	return left == 0
}

// has reports whether the kernel has such a tap.
func (s Shape) has(t Tap) bool {
	return t.C >= 0 && t.C < s.GroupInChannels() &&
		t.KY >= 0 && t.KY < s.Kernel.H && t.KX >= 0 && t.KX < s.Kernel.W
}

// weightIndex returns the place of a tap within the weights of one output
// channel.
func (s Shape) weightIndex(t Tap) int { return (t.C*s.Kernel.H+t.KY)*s.Kernel.W + t.KX }

// paddedIndex returns the place a tap of the first window reads, from the
// start of the group's padded channels.
func (s Shape) paddedIndex(t Tap) int {
	return (t.C*s.PaddedHeight()+t.KY*s.Dilation.H)*s.PaddedWidth() + t.KX*s.Dilation.W
}
