package scalesim

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/conv"
)

// Workload returns the topology as the text of a workload file.
func (t *Topology) Workload(name string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# Imported from a topology of SCALE-Sim.\nname: %s\nlayers:\n", strconv.Quote(name))
	for _, l := range t.Layers {
		c := l.Conv
		fmt.Fprintf(&b, "  - {name: %s, op: conv2d, in_channels: %d, out_channels: %d, kernel_size: %s", strconv.Quote(l.Name),
			c.InChannels, c.OutChannels, pair(c.Kernel))
		one := conv.Pair{H: 1, W: 1}
		if c.Stride != one {
			fmt.Fprintf(&b, ", stride: %s", pair(c.Stride))
		}
		if p := (conv.Pair{H: c.Padding.Sides.Top, W: c.Padding.Sides.Left}); p != (conv.Pair{}) {
			fmt.Fprintf(&b, ", padding: %s", pair(p))
		}
		if c.Dilation != one {
			fmt.Fprintf(&b, ", dilation: %s", pair(c.Dilation))
		}
		if c.Groups != 1 {
			fmt.Fprintf(&b, ", groups: %d", c.Groups)
		}
		fmt.Fprintf(&b, ", bias: false, input: {height: %d, width: %d}}\n", l.Height, l.Width)
	}
	return []byte(b.String())
}

// pair writes one number if both are the same.
func pair(p conv.Pair) string {
	if p.H == p.W {
		return strconv.Itoa(p.H)
	}
	return fmt.Sprintf("[%d, %d]", p.H, p.W)
}
