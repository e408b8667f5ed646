package clock

import (
	"encoding/binary"

	"github.com/convsim/convsim/pipeline"
)

// AppendInts appends numbers so that different lists of one length give
// different bytes.
func AppendInts(dst []byte, values ...int64) []byte {
	for _, v := range values {
		dst = binary.AppendVarint(dst, v)
	}
	return dst
}

// AppendFlag appends a yes or no.
func AppendFlag(dst []byte, b bool) []byte {
	if b {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// AppendPlan appends all that decides a plan's time: what each block says, and
// the edges. Every block must be Timed.
func AppendPlan(dst []byte, p *pipeline.Plan) []byte {
	dst = AppendShape(dst, p)
	for _, n := range p.Nodes {
		if b, ok := n.Block.(Parting); ok {
			dst = b.AppendKey(dst)
		}
	}
	for _, e := range p.Edges {
		dst = AppendInts(dst, int64(e.Depth))
	}
	return dst
}

// AppendShape is AppendPlan but for the depths of FIFOs and whether frames overlap: a Room says
// when these do not matter.
func AppendShape(dst []byte, p *pipeline.Plan) []byte {
	for _, n := range p.Nodes {
		dst = append(append(dst, n.Block.Kind()...), 0)
		b := n.Block.(Timed)
		if may, ok := b.(Parting); ok {
			b, _ = may.Overlapped()
		}
		dst = b.AppendKey(dst)
	}
	for _, e := range p.Edges {
		dst = AppendInts(dst, int64(e.From.Node), int64(e.From.Port), int64(e.To.Node), int64(e.To.Port), int64(e.Latency), int64(e.Memory))
		dst = AppendFlag(dst, e.Depth > 0)
	}
	return dst
}
