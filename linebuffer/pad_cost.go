package linebuffer

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// Bill enters a padding stage, which keeps nothing: zeros are made.
func (p Pad) Bill(b *resources.Bill) {
	padded := p.Fold.Padded(p.Elem)
	b.Stage(p.Kind(), resources.Pad{BeatBits: padded.Bits(), Counts: []int{int(padded.Pixels * padded.Beats), int(padded.Rows)}})
}

// Bill enters a padding stage and the buffer of what it shows again.
func (p AddressedPad) Bill(b *resources.Bill) {
	image, padded := p.Fold.Image(p.Elem), p.Fold.Padded(p.Elem)
	store := resources.Buffer{Name: p.Kind(), Depth: int(p.Depth()), WidthBits: image.Bits(), Kind: resources.RAM}
	b.Stage(p.Kind(), resources.Pad{BeatBits: image.Bits(), Beats: int(image.Frame()), Words: true, Buffers: []resources.Buffer{store},
		Counts: []int{int(padded.Rows), int(padded.Pixels), int(padded.Beats)}})
	b.Memory(use(store, padded, image))
}

// use is a buffer that is written and read with every beat of two streams.
func use(b resources.Buffer, read, written sched.Stream) resources.MemoryUse {
	return resources.MemoryUse{Name: b.Name, Words: b.Depth, WidthBits: b.WidthBits, Cost: b.Cost(),
		Reads: read.Frame(), Writes: written.Frame()}
}
