package sim

import (
	"encoding/binary"
	"math"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/conv"
)

// keyWriter writes numbers so that different lists give different bytes.
type keyWriter struct{ dst []byte }

func (k *keyWriter) ints(values ...int64) {
	for _, v := range values {
		k.dst = binary.AppendVarint(k.dst, v)
	}
}

func (k *keyWriter) pairs(pairs ...conv.Pair) {
	for _, p := range pairs {
		k.ints(int64(p.H), int64(p.W))
	}
}

func (k *keyWriter) flags(flags ...bool) {
	for _, f := range flags {
		if f {
			k.dst = append(k.dst, 1)
		} else {
			k.dst = append(k.dst, 0)
		}
	}
}

// handshake writes a pattern; the width of a beat matters only to one that
// counts bytes.
func (k *keyWriter) handshake(h configs.Handshake, beatBits int) {
	k.ints(int64(h.Kind), h.Every, h.Phase, h.On, h.Off, h.Seed, h.Repeat, int64(len(h.Cycles)))
	k.ints(h.Cycles...)
	if h.Kind == configs.Rate {
		k.ints(int64(math.Float64bits(h.BytesPerCycle)), int64(beatBits))
	}
}
