package stepsim

// memory is a cyclic buffer with one write port and one registered read port: the serial window and the addressed pad.
type memory struct {
	progress
	depth int     // beats
	keep  []int64 // per reads done in the frame: the lowest beat that must not be overwritten
	full  bool    // the output register holds a beat
}

func (m *memory) offer(Cycle, bool) bool { return m.full }

// accept lets the next beat in if the one it overwrites is not needed any more. It looks at the state at the
// start of the cycle: a read in this very cycle does not make room yet.
func (m *memory) accept(bool, bool) bool {
	if m.stored == m.limit() {
		return false
	}
	keep := m.keep[m.read]
	if keep == never {
		return true
	}
	return m.stored-int64(m.depth) < m.base()+keep
}

func (m *memory) commit(w wires, names []Name) bool {
	fetch := m.available() && (!m.full || w.outReady)
	names[0], names[1] = m.nameWrite(w), m.nameRead(fetch)
	if w.in() {
		m.stored++
	}
	if fetch {
		m.read++
	}
	m.full = fetch || m.full && !w.outReady
	m.endFrame(!m.full)
	return w.in() || w.out() || fetch
}
