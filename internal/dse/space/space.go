package space

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxSize is the largest number of points a space may have.
const MaxSize = 1 << 62

// Space is an ordered list of axes and the numbering of their combinations.
type Space struct {
	axes    []Axis
	names   []string
	strides []int64 // per axis: points between neighbouring coordinates
	size    int64
}

// New returns the space of all combinations of the axes. Without axes it has one point, the base design.
func New(axes ...Axis) (*Space, error) {
	s := &Space{axes: slices.Clone(axes), strides: make([]int64, len(axes)), size: 1}
	errs := s.checkAxes()
	for i := len(axes) - 1; i >= 0 && len(errs) == 0; i-- {
		s.strides[i] = s.size
		if int64(axes[i].Len()) > MaxSize/s.size {
			errs = append(errs, fmt.Errorf("the space has %s points, more than 2^62; drop values or axes", s.product()))
			break
		}
		s.size *= int64(axes[i].Len())
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return s, nil
}

func (s *Space) checkAxes() []error {
	var errs []error
	owner := map[string]bool{}
	for i, a := range s.axes {
		if a.Len() == 0 {
			errs = append(errs, fmt.Errorf("axis %d has no values", i+1))
			continue
		}
		for _, name := range a.names {
			if owner[name] {
				errs = append(errs, fmt.Errorf("axis %s: the parameter is set by more than one axis", name))
			}
			owner[name] = true
		}
		if first, second, found := a.repeated(); found {
			errs = append(errs, fmt.Errorf("axis %s: value %d repeats value %d (%s)", a.title(), second+1, first+1, a.show(first)))
		}
		s.names = append(s.names, a.names...)
	}
	return errs
}

func (a Axis) show(coord int) string {
	parts := make([]string, len(a.columns))
	for i, column := range a.columns {
		parts[i] = column[coord].String()
	}
	return strings.Join(parts, ", ")
}

func (s *Space) product() string {
	parts := make([]string, len(s.axes))
	for i, a := range s.axes {
		parts[i] = strconv.Itoa(a.Len())
	}
	return strings.Join(parts, " x ")
}

// Size is the number of points, 1 .. MaxSize.
func (s *Space) Size() int64 { return s.size }

// Names are the parameters in the order of Point's values: axis by axis.
func (s *Space) Names() []string { return slices.Clone(s.names) }

// Axes is the number of axes.
func (s *Space) Axes() int { return len(s.axes) }

// Axis is the axis at position i.
func (s *Space) Axis(i int) Axis { return s.axes[i] }

// Point returns the values of the point, one per name.
func (s *Space) Point(index int64) []Value {
	values := make([]Value, len(s.names))
	s.PointInto(index, values)
	return values
}

// PointInto writes the values of the point to dst, which has the length of Names.
func (s *Space) PointInto(index int64, dst []Value) {
	s.checkIndex(index)
	if len(dst) != len(s.names) {
		panic(fmt.Sprintf("space: %d places for %d values", len(dst), len(s.names)))
	}
	at := 0
	for i := range s.axes {
		coord := index / s.strides[i]
		index %= s.strides[i]
		for _, column := range s.axes[i].columns {
			dst[at] = column[coord]
			at++
		}
	}
}

// Coords returns the coordinate of the point on each axis.
func (s *Space) Coords(index int64) []int {
	coords := make([]int, len(s.axes))
	s.CoordsInto(index, coords)
	return coords
}

// CoordsInto writes the coordinates of the point to dst, which has one place per axis.
func (s *Space) CoordsInto(index int64, dst []int) {
	s.checkIndex(index)
	s.checkCoords(dst)
	for i, stride := range s.strides {
		dst[i] = int(index / stride)
		index %= stride
	}
}

// Index is the point at the coordinates, one per axis.
func (s *Space) Index(coords []int) int64 {
	s.checkCoords(coords)
	index := int64(0)
	for i, c := range coords {
		if c < 0 || c >= s.axes[i].Len() {
			panic(fmt.Sprintf("space: coordinate %d of axis %s, want 0 .. %d", c, s.axes[i].title(), s.axes[i].Len()-1))
		}
		index += int64(c) * s.strides[i]
	}
	return index
}

func (s *Space) checkIndex(index int64) {
	if index < 0 || index >= s.size {
		panic(fmt.Sprintf("space: point %d, want 0 .. %d", index, s.size-1))
	}
}

func (s *Space) checkCoords(coords []int) {
	if len(coords) != len(s.axes) {
		panic(fmt.Sprintf("space: %d coordinates for %d axes", len(coords), len(s.axes)))
	}
}
