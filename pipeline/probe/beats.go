package probe

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// beats are those of an edge.
type beats struct {
	of     *Values
	stream sched.Stream
	layout sched.Layout
	turn   int64 // beats of the layout's pixels

	slabs []elements
	first int64 // element that the first of them begins with
	count int64 // elements that have come
	need  int64 // elements before this one are not shown any more
}

func newBeats(v *Values, p *pipeline.Plan, edge int) *beats {
	b := &beats{of: v, stream: p.Edges[edge].Stream, layout: p.Layout(edge)}
	b.turn = int64(b.layout.Pixels * len(b.layout.At) / b.stream.Lanes)
	return b
}

// elements are those of a slab, as bits.
type elements interface {
	size() int64
	bits(i int64) uint64
}

type integers[T int8 | uint8 | int16 | int32] []T

func (x integers[T]) size() int64         { return int64(len(x)) }
func (x integers[T]) bits(i int64) uint64 { return uint64(int64(x[i])) }

type floats []float32

func (x floats) size() int64         { return int64(len(x)) }
func (x floats) bits(i int64) uint64 { return uint64(math.Float32bits(x[i])) }

// elementsOf are those of a slab of a type.
func elementsOf(elem tensor.DType, s flow.Slab) elements {
	switch elem {
	case tensor.Int4, tensor.Int8:
		return integers[int8](flow.Of[int8](s))
	case tensor.UInt4, tensor.UInt8:
		return integers[uint8](flow.Of[uint8](s))
	case tensor.Int16:
		return integers[int16](flow.Of[int16](s))
	case tensor.Int32:
		return integers[int32](flow.Of[int32](s))
	case tensor.Float32:
		return floats(flow.Of[float32](s))
	}
	panic(fmt.Sprintf("probe: %s crosses an edge", elem))
}

// add takes elements that have come, and returns when more may.
func (b *beats) add(s flow.Slab) {
	v := b.of
	v.mu.Lock()
	defer v.mu.Unlock()
	n := int64(s.Len())
	if v.stopped || b.count+n <= b.need {
		b.count += n
		b.slabs, b.first = nil, b.count
		return
	}
	v.mu.Unlock() // it may take long to put them together
	x := elementsOf(b.stream.Elem, s.Again())
	v.mu.Lock()
	b.slabs = append(b.slabs, x)
	b.count += n
	v.waiting += n
	v.moved.Broadcast()
	for v.waiting > mostWaiting && !v.wanted && !v.stopped {
		v.moved.Wait()
	}
}

// passed says that beats before one are not shown any more.
func (b *beats) passed(beat int64) {
	need := beat / b.turn * int64(b.layout.Elements)
	if need == b.need {
		return
	}
	v := b.of
	v.mu.Lock()
	b.need = need
	for len(b.slabs) > 0 && b.first+b.slabs[0].size() <= need {
		n := b.slabs[0].size()
		b.slabs[0] = nil
		b.slabs = b.slabs[1:]
		b.first += n
		v.waiting -= n
	}
	v.mu.Unlock()
	v.moved.Broadcast()
}

// word appends the bits of a beat, the last lane first, and waits for its elements if it
// must. Idle lanes are unknown, and so are beats that never come.
func (b *beats) word(dst []byte, beat int64) []byte {
	v := b.of
	base := beat / b.turn * int64(b.layout.Elements)
	v.mu.Lock()
	for b.count < base+int64(b.layout.Elements) && !v.ended {
		v.wanted = true
		v.moved.Broadcast()
		v.moved.Wait()
	}
	v.wanted = false
	slabs, first, there := b.slabs, b.first, b.count >= base+int64(b.layout.Elements)
	v.mu.Unlock()
	lanes, per := b.stream.Lanes, len(b.layout.At)/b.stream.Lanes
	pixel, at := int(beat%b.turn)/per, int(beat%b.turn)%per*lanes
	for lane := lanes - 1; lane >= 0; lane-- {
		i := b.layout.At[at+lane]
		if i < 0 || !there {
			for range b.stream.Elem.Bits() {
				dst = append(dst, 'x')
			}
			continue
		}
		x := find(slabs, base+int64(i+pixel*b.layout.Step)-first)
		for bit := b.stream.Elem.Bits() - 1; bit >= 0; bit-- {
			dst = append(dst, '0'+byte(x>>bit&1))
		}
	}
	return dst
}

// find is the i-th element of slabs.
func find(slabs []elements, i int64) uint64 {
	for _, s := range slabs {
		if n := s.size(); i >= n {
			i -= n
			continue
		}
		return s.bits(i)
	}
	panic("probe: an element that has not come")
}
