package wiring

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/sched"
)

// Module is the concat.
func (c Concat) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_concat", Style: hdl.Merged}
	return m, partCounts(&m, c.In)
}

// partCounts adds how many beats of a pixel belong to every part.
func partCounts(m *hdl.Module, parts []sched.Stream) error {
	const counted = 16 // bits
	w, most := hdl.NewWord(counted*len(parts)), int64(1)
	for _, s := range parts {
		if s.Beats >= 1<<counted {
			return fmt.Errorf("%d beats of a pixel; allowed: fewer than %d", s.Beats, 1<<counted)
		}
		w.Put(s.Beats, counted)
		most = max(most, s.Beats)
	}
	m.Int("N", len(parts))
	m.Int("CB", bits.Len64(uint64(most)))
	m.Int("WIDTH", parts[0].Bits())
	m.Bits("COUNTS", counted*len(parts), w.Hex())
	return nil
}

// Module is the split.
func (s Split) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_split", Style: hdl.Parted}
	drop, port := hdl.NewWord(len(s.Out)), 0
	for i := range s.Out {
		if s.dropped(i) {
			m.Slots = append(m.Slots, -1)
			drop.Put(1, 1)
			continue
		}
		m.Slots = append(m.Slots, port)
		drop.Put(0, 1)
		port++
	}
	m.Bits("DROP", len(s.Out), drop.Hex())
	return m, partCounts(&m, s.Out)
}
