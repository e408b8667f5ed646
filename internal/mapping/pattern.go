package mapping

import (
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// offering is the end of a plan that sends a stream, as the file says.
func offering(hw *configs.Hardware, s sched.Stream) (wiring.Source, error) {
	e, err := end(hw, "source", hw.Source, s)
	return wiring.Source(e), err
}

// taking is the end that takes one.
func taking(hw *configs.Hardware, s sched.Stream) (wiring.Sink, error) {
	e, err := end(hw, "sink", hw.Sink, s)
	return wiring.Sink(e), err
}

func end(hw *configs.Hardware, key string, h configs.Handshake, s sched.Stream) (e wiring.End, err error) {
	e.Stream = s
	if h.Kind == configs.AtDRAM {
		e.Share, err = dram(hw)
	} else {
		e.Pattern, err = pattern(hw, key, h, s.Bits())
	}
	return e, err
}

// dram is the one port to the memory outside.
func dram(hw *configs.Hardware) (clock.Share, error) {
	rate, err := hw.Bandwidth()
	if err != nil {
		return clock.Share{}, err
	}
	port, err := clock.NewShare("dram", rate)
	if err != nil {
		return port, hw.Wrong("dram.bytes_per_cycle", fmt.Sprint(rate), err.Error())
	}
	return port, nil
}

// pattern makes the pattern of a port whose beats have so many bits.
func pattern(hw *configs.Hardware, key string, h configs.Handshake, beatBits int) (clock.Pattern, error) {
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
			return nil, hw.Wrong(key+".bytes_per_cycle", fmt.Sprint(h.BytesPerCycle), err.Error())
		}
		return g, nil
	}
	return clock.Always{}, nil
}
