package mapping

import (
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline/clock"
)

// pattern makes the pattern of a port whose beats have so many bits.
func (d *Draft) pattern(key string, h configs.Handshake, beatBits int) (clock.Pattern, error) {
	switch h.Kind {
	case configs.Every:
		return clock.Every{N: clock.Cycle(h.Every), Phase: clock.Cycle(h.Phase)}, nil
	case configs.Burst:
		return clock.Burst{On: clock.Cycle(h.On), Off: clock.Cycle(h.Off)}, nil
	case configs.Random:
		return clock.Random{Seed: uint32(h.Seed)}, nil
	case configs.Listed:
		list := clock.List{Repeat: clock.Cycle(h.Repeat), Cycles: make([]clock.Cycle, len(h.Cycles))}
		for i, c := range h.Cycles {
			list.Cycles[i] = clock.Cycle(c)
		}
		return list, nil
	case configs.Rate:
		g, err := clock.NewRate(h.BytesPerCycle, (beatBits+7)/8)
		if err != nil {
			return nil, d.Hardware.Wrong(key+".bytes_per_cycle", fmt.Sprint(h.BytesPerCycle), err.Error())
		}
		return g, nil
	}
	return clock.Always{}, nil
}
