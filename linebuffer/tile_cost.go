package linebuffer

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// Bill enters the memory of two passes' weights.
func (t Tile) Bill(b *resources.Bill) {
	in, out := t.Streams()
	reordered(b, t.Kind(), t.Depth(), in[0], out[0])
}

// Bill enters the memory of two tiles' results.
func (t Turn) Bill(b *resources.Bill) {
	in, out := t.Streams()
	reordered(b, t.Kind(), t.Depth(), in[0], out[0])
}

// reordered enters a memory of beats that are read in another order than they come, and
// what counts them.
func reordered(b *resources.Bill, name string, depth int64, in, out sched.Stream) {
	store := resources.Buffer{Name: name, Depth: int(depth), WidthBits: in.Bits(), Kind: resources.RAM}
	b.Stage(name, resources.Pad{BeatBits: in.Bits(), Beats: int(in.Frame()), Counts: walked(out), Buffers: []resources.Buffer{store}})
	b.Memory(use(store, out, in))
}
