package linebuffer

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// lines is what the memory of padded rows is called.
const lines = "linebuffer"

// Bill enters the line buffer, written with the padded image and read tap by tap.
func (w Window) Bill(b *resources.Bill) {
	padded, kernel := w.Fold.Padded(w.Elem), w.Fold.Shape.Kernel
	store := resources.Buffer{Name: lines, Depth: int(w.Depth), WidthBits: padded.Bits(), Kind: resources.RAM}
	b.Stage(w.Kind(), resources.Window{Buffers: []resources.Buffer{store}, Beats: int(padded.Frame()), Depth: int(w.Depth),
		Counts: counts(w.Fold, w.Fold.ChannelFolds, kernel.W, kernel.H, w.Fold.GroupFolds)})
	b.Memory(use(store, w.Fold.Windows(w.Elem), padded))
}

// counts are the states of a window's counters: those given, and the output pixels.
func counts(f sched.Fold, more ...int) []int {
	return append(more, f.Shape.OutWidth, f.Shape.OutHeight)
}

// Bill enters the registers of the taps, and between two rows of them a line
// buffer that all beats pass.
func (w ShiftWindow) Bill(b *resources.Bill) {
	padded := w.Fold.Padded(w.Elem)
	var buffers []resources.Buffer
	for _, d := range w.delays() {
		store := resources.Buffer{Name: w.Kind(), Depth: d.beats, WidthBits: padded.Bits(), Kind: resources.Registers}
		if d.memory() > 0 {
			store = resources.Buffer{Name: lines, Depth: d.memory(), WidthBits: padded.Bits(), Kind: resources.RAM}
		}
		buffers = append(buffers, store)
	}
	w.bill(b, buffers, padded)
}

// bill enters the registers as one memory, and every line buffer.
func (w ShiftWindow) bill(b *resources.Bill, buffers []resources.Buffer, padded sched.Stream) {
	b.Stage(w.Kind(), resources.Window{Buffers: buffers, Beats: int(padded.Frame()), Counts: counts(w.Fold, int(w.Fold.PixelBeats()))})
	taps := resources.Buffer{Name: w.Kind(), WidthBits: padded.Bits(), Kind: resources.Registers}
	for _, s := range buffers {
		if s.Kind == resources.Registers {
			taps.Depth += s.Depth
			continue
		}
		taps.Depth++ // what it gives stands in a register
	}
	b.Memory(resources.MemoryUse{Name: taps.Name, Words: taps.Depth, WidthBits: taps.WidthBits, Cost: taps.Cost()})
	for _, s := range buffers {
		if s.Kind == resources.RAM {
			b.Memory(use(s, padded, padded))
		}
	}
}

// delay is how many beats lie between two taps.
type delay struct{ beats int }

// mostRegisters is up to how many beats a delay is made of registers.
const mostRegisters = 4

// memory is how many beats stand in a memory, behind which there is a register; 0: all
// are in registers.
func (d delay) memory() int {
	if d.beats <= mostRegisters {
		return 0
	}
	return d.beats - 1
}

// line and column are the delays between two rows of taps and between two taps of one.
func (w ShiftWindow) line() delay {
	s, beats := w.Fold.Shape, int(w.Fold.PixelBeats())
	return delay{(s.Dilation.H*s.PaddedWidth() - (s.Kernel.W-1)*s.Dilation.W) * beats}
}

func (w ShiftWindow) column() delay { return delay{w.Fold.Shape.Dilation.W * int(w.Fold.PixelBeats())} }

// delays are those in front of all taps, the newest first.
func (w ShiftWindow) delays() []delay {
	kernel := w.Fold.Shape.Kernel
	list := make([]delay, kernel.H*kernel.W)
	for i := range list {
		switch {
		case i == 0:
			list[i] = delay{1}
		case i%kernel.W == 0:
			list[i] = w.line()
		default:
			list[i] = w.column()
		}
	}
	return list
}
