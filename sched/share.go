package sched

import (
	"sync"

	"github.com/convsim/convsim/internal/conv"
)

// nests are read nests that designs of one geometry share: most points of a
// sweep differ in what does not change them. A nest is immutable.
var nests = struct {
	sync.Mutex
	made map[nest]*Reads
}{made: map[nest]*Reads{}}

// nest is all that a read nest depends on.
type nest struct {
	pad                      bool
	height, width            int // of the image
	outHeight, outWidth      int
	kernel, stride, dilation conv.Pair
	sides                    conv.Sides
	mode                     conv.PaddingMode
	groupFolds, channelFolds int
}

// mostNests bounds what is kept; beyond it, all are forgotten and made anew.
const mostNests = 64

// shared returns the nest of this geometry, made by build at most once while it
// is kept. It is safe for concurrent use.
func (f Fold) shared(pad bool, build func() *Reads) *Reads {
	s := f.Shape
	key := nest{pad, s.InHeight, s.InWidth, s.OutHeight, s.OutWidth, s.Kernel, s.Stride, s.Dilation, s.Pad,
		s.PaddingMode, f.GroupFolds, f.ChannelFolds}
	nests.Lock()
	defer nests.Unlock()
	if r, ok := nests.made[key]; ok {
		return r
	}
	if len(nests.made) >= mostNests {
		clear(nests.made)
	}
	r := build()
	nests.made[key] = r
	return r
}
