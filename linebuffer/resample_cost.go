package linebuffer

import "github.com/convsim/convsim/resources"

// Bill enters a stage that walks the larger image, and the buffer of what it shows
// again.
func (u Upsample) Bill(b *resources.Bill) {
	_, out := u.Streams()
	store := resources.Buffer{Name: u.Kind(), Depth: int(u.depth()), WidthBits: u.In.Bits(), Kind: resources.RAM}
	b.Stage(u.Kind(), resources.Pad{BeatBits: u.In.Bits(), FrameBeats: int(out[0].Frame()), Buffers: []resources.Buffer{store}})
	b.Memory(use(store, out[0], u.In))
}

// Bill enters a padding stage, which keeps nothing.
func (i Insert) Bill(b *resources.Bill) {
	_, out := i.Streams()
	b.Stage(i.Kind(), resources.Pad{BeatBits: i.In.Bits(), FrameBeats: int(out[0].Frame())})
}
