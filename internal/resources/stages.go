package resources

// Cost is two beat registers with their valid bits, a choice for each bit in
// front of them, and the counters; of one that shows pixels again the ring it reads.
//
// Source: counted of the emitted convsim_pad and convsim_pad_addressed.
func (p Pad) Cost(Device) Amount {
	if len(p.Buffers) > 0 {
		return p.addressed()
	}
	counted := counterBits(p.Counts)
	return Amount{LUT: 2*p.BeatBits + 2*counted + 20, FF: padRegisters*(p.BeatBits+1) + counted}
}

// addressed is a padding that finds what it shows by the words of rows and columns,
// three numbers of a beat and a flag each.
func (p Pad) addressed() Amount {
	counted, beat := counterBits(p.Counts), ceilLog2(2*p.Beats+2*p.Buffers[0].Depth)
	place := ceilLog2(p.Buffers[0].Depth)
	a := Amount{LUT: 7*beat + 6*place + 3*counted, FF: beat + 3*place + counted + 2}
	if p.Words {
		for _, n := range p.Counts[:2] {
			a = a.Plus(lutROM(n, 2*beat))
		}
	}
	return a.Plus(p.Buffers[0].Cost())
}

// counterBits returns the bits of counters of so many states each.
func counterBits(states []int) int {
	n := 0
	for _, s := range states {
		if s > 1 {
			n += ceilLog2(s + 1)
		}
	}
	return n
}

// shiftRegister is how many registers in a row make one.
const shiftRegister = 3

// Cost is the memories; of a serial window the numbers of beats that came, of the
// next read and of the first of a unit, with the steps between them, and two places of
// the ring; of a parallel one the former two. Counters tell which step it is. Three
// registers and more in a row are a shift register.
//
// Source: counted of the emitted convsim_window_serial and convsim_window_parallel.
func (w Window) Cost(Device) Amount {
	counted, beat := counterBits(w.Counts), ceilLog2(w.Beats+w.Depth+1)+1
	a := Amount{LUT: 3*beat + 2*counted, FF: 2*beat + counted + 1}
	if w.Depth > 0 {
		place := ceilLog2(w.Depth)
		a = Amount{LUT: 6*beat + 5*place + 2*counted, FF: 3*beat + 2*place + counted + 2}
	}
	for _, b := range w.Buffers {
		if b.Kind == Registers && b.Depth >= shiftRegister {
			a.LUT += b.WidthBits
			continue
		}
		a = a.Plus(b.Cost())
		if w.Depth == 0 && b.Kind == RAM {
			a = a.Plus(Amount{LUT: 2 * ceilLog2(b.Depth), FF: ceilLog2(b.Depth)})
		}
	}
	return a
}

// Cost is the store with its output register, numbers of beats held and come, two
// places, and the counters of both loops.
//
// Source: counted of the emitted convsim_replay.
func (r Replay) Cost(Device) Amount {
	place, counted := ceilLog2(r.Room), counterBits([]int{r.Beats, r.Passes})
	store := Buffer{Depth: r.Room, WidthBits: r.WidthBits, Kind: RAM}.Cost()
	return store.Plus(Amount{LUT: 8*place + 3*counted + 8, FF: 4*place + 2 + counted + 1})
}

// Cost is a ring of words with its address.
//
// Source: counted of the emitted convsim_words.
func (m Memory) Cost(Device) Amount {
	return m.Store().Plus(counter(m.Words))
}
