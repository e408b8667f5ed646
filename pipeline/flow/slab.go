package flow

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Element is what slabs are made of.
type Element interface {
	int8 | uint8 | int16 | int32 | float32
}

// Slab is a row of a stream of real data: the elements of whole beats. Lanes
// that the folding leaves without work carry nothing; they are only counted.
type Slab struct {
	Data  any   // a slice of an Element, or Gathered
	Idle  int64 // idle lanes of the beats the slab stands for
	n     int
	owner Lent // of the data, nil for nobody in particular
}

// Gathered is the data of a slab whose elements lie scattered: they are put
// together when somebody asks for them.
type Gathered[T Element] interface{ Elements() []T }

// Lent is data that wants to know when nobody looks at it any more.
type Lent interface {
	Again()   // one more does
	Release() // one does no more
}

// NewGathered makes a slab of so many scattered elements.
func NewGathered[T Element](data Gathered[T], elements int, idle int64) Slab {
	owner, _ := data.(Lent)
	return Slab{Data: data, Idle: idle, n: elements, owner: owner}
}

// NewSlab makes a slab of data, which it keeps.
func NewSlab[T Element](data []T, idle int64) Slab { return Slab{Data: data, Idle: idle, n: len(data)} }

// Of returns the elements of a slab; it panics if they are of another type,
// since a plan's edges join ports of one type only.
func Of[T Element](s Slab) []T {
	switch data := s.Data.(type) {
	case []T:
		return data
	case Gathered[T]:
		return data.Elements()
	}
	panic(fmt.Sprintf("flow: a slab of %T where %T is expected", s.Data, []T(nil)))
}

// Cases are the kernels of a block by the type of the elements it works on.
type Cases struct {
	Int8, UInt8, Int16, Int32, Float32 Kernel
}

// For returns the kernel for elements of a type.
func (c Cases) For(elem tensor.DType) (Kernel, error) {
	k := map[tensor.DType]Kernel{tensor.Int4: c.Int8, tensor.Int8: c.Int8, tensor.UInt4: c.UInt8, tensor.UInt8: c.UInt8,
		tensor.Int16: c.Int16, tensor.Int32: c.Int32, tensor.Float32: c.Float32}[elem]
	if k == nil {
		return nil, fmt.Errorf("flow: no kernel for elements of %s", elem)
	}
	return k, nil
}

// Len is the number of elements.
func (s Slab) Len() int { return s.n }
