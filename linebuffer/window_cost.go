package linebuffer

import "github.com/convsim/convsim/resources"

// lines is what the memory of padded rows is called.
const lines = "linebuffer"

// Bill enters the line buffer, written with the padded image and read tap by tap.
func (w Window) Bill(b *resources.Bill) {
	padded := w.Fold.Padded(w.Elem)
	store := resources.Buffer{Name: lines, Depth: int(w.Depth), WidthBits: padded.Bits(), Kind: resources.RAM}
	b.Stage(w.Kind(), resources.Window{Buffers: []resources.Buffer{store}})
	b.Memory(use(store, w.Fold.Windows(w.Elem), padded))
}

// Bill enters the registers of the taps, and between two rows of them a line
// buffer that all beats pass.
func (w ShiftWindow) Bill(b *resources.Bill) {
	f, s, padded := w.Fold, w.Fold.Shape, w.Fold.Padded(w.Elem)
	beats, extent := int(f.PixelBeats()), s.KernelExtent()
	newest := (extent.W-1)*beats + 1
	taps := resources.Buffer{Name: w.Kind(), Depth: newest + (s.Kernel.H-1)*extent.W*beats, WidthBits: padded.Bits(), Kind: resources.Registers}
	buffers := []resources.Buffer{taps}
	b.Memory(resources.MemoryUse{Name: taps.Name, Words: taps.Depth, WidthBits: taps.WidthBits, Cost: taps.Cost()})
	line := resources.Buffer{Name: lines, Depth: (s.PaddedWidth() - extent.W + s.PaddedWidth()*(s.Dilation.H-1)) * beats,
		WidthBits: padded.Bits(), Kind: resources.RAM}
	for row := 1; row < s.Kernel.H && line.Depth > 0; row++ {
		buffers = append(buffers, line)
		b.Memory(use(line, padded, padded))
	}
	b.Stage(w.Kind(), resources.Window{Buffers: buffers})
}
