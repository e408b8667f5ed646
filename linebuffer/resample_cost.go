package linebuffer

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// Bill enters a stage that walks the larger image, and the buffer of what it shows
// again.
func (u Upsample) Bill(b *resources.Bill) {
	_, out := u.Streams()
	store := resources.Buffer{Name: u.Kind(), Depth: int(u.depth()), WidthBits: u.In.Bits(), Kind: resources.RAM}
	b.Stage(u.Kind(), resources.Pad{BeatBits: u.In.Bits(), Beats: int(u.In.Frame()), Counts: walked(out[0]), Buffers: []resources.Buffer{store}})
	b.Memory(use(store, out[0], u.In))
}

// Bill enters a padding stage, which keeps nothing.
func (i Insert) Bill(b *resources.Bill) {
	_, out := i.Streams()
	b.Stage(i.Kind(), resources.Pad{BeatBits: i.In.Bits(), Counts: walked(out[0])})
}

// walked are the rows, pixels and beats that a stage counts.
func walked(s sched.Stream) []int { return []int{int(s.Rows), int(s.Pixels), int(s.Beats)} }
