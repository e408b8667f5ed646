package pipeline

import "fmt"

// Memory is what a FIFO is built of, which decides when a beat that came is
// offered, and how many are held in all.
type Memory uint8

// The memories of FIFOs. Shift registers hold Depth beats and offer one Latency
// cycles after it came. The others are those of FINN's prototype: slots and an
// output register (Auto of up to 64 beats), or a memory of a power of two of
// words, a queue and an output register.
const (
	ShiftRegisters Memory = iota
	AutoRAM
	DistributedRAM
	BlockRAM
	UltraRAM
)

// Slots reports whether a FIFO of this depth is slots and an output register.
func (m Memory) Slots(depth int) bool { return m == AutoRAM && depth <= 64 }

// Least is the smallest depth that the memory can be built with; a wire is of
// depth 0 and has none.
func (m Memory) Least() int {
	switch m {
	case ShiftRegisters:
		return 1
	case AutoRAM:
		return 3
	}
	return 9
}

// check refuses depths that the memory cannot be built with.
func (m Memory) check(e Edge) error {
	if m > UltraRAM {
		return fmt.Errorf("plan: edge %s is built of memory %d; allowed: %d to %d", e.Name, m, ShiftRegisters, UltraRAM)
	}
	if e.Depth > 0 && e.Depth < m.Least() {
		return fmt.Errorf("plan: edge %s is a RAM of %d beats; allowed: %d or more", e.Name, e.Depth, m.Least())
	}
	return nil
}
