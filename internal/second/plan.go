package second

import "unsafe"

// place is where a tap's cells lie: in a plane, so many cells after the output's own place.
type place struct {
	plane, offset int
	elements      []element // of a cell, one for each part
}

// element is an activation of a cell: channel c of its group, kernel column kx.
type element struct{ c, kx int }

// layOut decides how the image is cut into planes of cells. With many channels, a cell
// has channels of one pixel, and a plane is of one phase of the columns; with few,
// pixels of one kernel row, and a plane has a column for every output.
func (w *work[T, W]) layOut() {
	s, per := w.Shape, w.perCell()
	channels := s.GroupInChannels()
	byPixel := (channels + per - 1) / per * s.Kernel.W
	byRow := (channels*s.Kernel.W + per - 1) / per
	w.height = (s.PaddedHeight() + s.Stride.H - 1) / s.Stride.H
	w.unfold = byRow < byPixel
	w.width = (s.PaddedWidth() + s.Stride.W - 1) / s.Stride.W
	if w.unfold {
		w.width, w.planes = s.OutWidth, byRow
	} else {
		w.planes = byPixel / s.Kernel.W * s.Stride.W
	}
	w.plan = make([]place, 0, s.Kernel.H*min(byPixel, byRow))
	room := make([]element, 0, s.Taps()) // of all places
	elements := func(first, end int, of func(e int) element) []element {
		at := len(room)
		for e := first; e < end; e++ {
			room = append(room, of(e))
		}
		return room[at:]
	}
	for ky := range s.Kernel.H {
		y := ky * s.Dilation.H
		row := (y%s.Stride.H*w.height + y/s.Stride.H) * w.width
		if w.unfold {
			for i := range byRow {
				w.plan = append(w.plan, place{i, row, elements(i*per, min((i+1)*per, channels*s.Kernel.W), func(e int) element {
					return element{e % channels, e / channels}
				})})
			}
			continue
		}
		for kx := range s.Kernel.W {
			x := kx * s.Dilation.W
			for i := range byPixel / s.Kernel.W {
				w.plan = append(w.plan, place{i*s.Stride.W + x%s.Stride.W, row + x/s.Stride.W, elements(i*per, min((i+1)*per, channels), func(c int) element {
					return element{c, kx}
				})})
			}
		}
	}
}

// planeCells is how many cells a plane has.
func (w *work[T, W]) planeCells() int { return w.Shape.Stride.H * w.height * w.width }

// fill puts the cells of plane i of a group's channels x into cells.
func (w *work[T, W]) fill(cells []uint32, i int, x []T) {
	s, per := w.Shape, w.perCell()
	if first := i * per; w.bytes && !w.unfold && s.Stride.W == 1 && first+4 <= s.GroupInChannels() {
		w.fillFour(cells, x[first*s.InHeight*s.InWidth:])
		return
	}
	zero := make([]T, s.InWidth)
	for j := range zero {
		zero[j] = T(w.XZero)
	}
	nothing := make([]int32, w.width) // where the columns of a part are in the image, -1: zeros
	for part := range per {
		c, at := w.part(i, part, nothing)
		if c < 0 {
			continue
		}
		shift := part * 32 / per
		for y := range s.PaddedHeight() {
			row := zero
			if from, ok := s.SourceRow(y); ok {
				row = x[(c*s.InHeight+from)*s.InWidth:][:s.InWidth]
			}
			to := cells[(y%s.Stride.H*w.height+y/s.Stride.H)*w.width:][:w.width]
			w.put(to, row, at, shift)
		}
	}
}

// fillFour is fill for four channels that are there, of an image read in every column.
func (w *work[T, W]) fillFour(cells []uint32, x []T) {
	s := &w.Shape
	plane := s.InHeight * s.InWidth
	if s.Stride.H == 1 && s.PaddedHeight() == s.InHeight && s.PaddedWidth() == s.InWidth {
		w.join(cells[:plane], x, x[plane:], x[2*plane:], x[3*plane:])
		return
	}
	zero := uint32(w.XZero-w.low) & 0xff * 0x01010101
	for y := range s.PaddedHeight() {
		to := cells[(y%s.Stride.H*w.height+y/s.Stride.H)*w.width:][:w.width]
		from, ok := s.SourceRow(y)
		if !ok {
			for j := range to {
				to[j] = zero
			}
			continue
		}
		inside, at := to[s.Pad.Left:][:s.InWidth], from*s.InWidth
		w.join(inside, x[at:], x[plane+at:], x[2*plane+at:], x[3*plane+at:])
		for j := range len(to) - s.InWidth {
			if j >= s.Pad.Left {
				j += s.InWidth
			}
			if at, ok := s.SourceColumn(j); ok {
				to[j] = inside[at]
			} else {
				to[j] = zero
			}
		}
	}
}

// join makes cells of the activations of four channels.
func (w *work[T, W]) join(to []uint32, a, b, c, d []T) {
	a, b, c, d = a[:len(to)], b[:len(to)], c[:len(to)], d[:len(to)]
	if n := len(to) &^ 15; w.m.cells != nil && n > 0 {
		w.m.cells(&to[0], byteOf(a), byteOf(b), byteOf(c), byteOf(d), n, uint8(w.low))
		to, a, b, c, d = to[n:], a[n:], b[n:], c[n:], d[n:]
	}
	low := uint32(-w.low) & 0xff
	for j := range to {
		to[j] = (uint32(a[j])+low)&0xff | (uint32(b[j])+low)&0xff<<8 | (uint32(c[j])+low)&0xff<<16 | (uint32(d[j])+low)&0xff<<24
	}
}

// put adds the part of a row's cells.
func (w *work[T, W]) put(to []uint32, row []T, at []int32, shift int) {
	mask := uint32(0xffff)
	if w.bytes {
		mask = 0xff
	}
	low, zero := w.low, (uint32(w.XZero-w.low)&mask)<<shift
	j := 0
	for ; j < len(at) && at[j] < 0; j++ {
		to[j] |= zero
	}
	if first := j; j < len(at) { // the columns of the image lie side by side where the stride is 1
		from := row[at[j]:]
		for ; j < len(at) && int(at[j]) == int(at[first])+j-first; j++ {
		}
		cells := to[first:j]
		for i, v := range from[:len(cells)] {
			cells[i] |= uint32(int32(v)-low) & mask << shift
		}
	}
	for ; j < len(at); j++ {
		if from := at[j]; from < 0 {
			to[j] |= zero
		} else {
			to[j] |= uint32(int32(row[from])-low) & mask << shift
		}
	}
}

// part says which channel a part of the cells of a plane shows, -1 for none, and which
// column of the image at every place.
func (w *work[T, W]) part(plane, part int, at []int32) (c int, columns []int32) {
	s, per := w.Shape, w.perCell()
	first, step := 0, s.Stride.W
	if w.unfold {
		e := plane*per + part
		if e >= s.GroupInChannels()*s.Kernel.W {
			return -1, nil
		}
		c, first = e%s.GroupInChannels(), e/s.GroupInChannels()*s.Dilation.W
	} else {
		if c = plane/s.Stride.W*per + part; c >= s.GroupInChannels() {
			return -1, nil
		}
		first = plane % s.Stride.W
	}
	for j := range at {
		at[j] = -1
		if p := first + j*step; p < s.PaddedWidth() {
			if from, ok := s.SourceColumn(p); ok {
				at[j] = int32(from)
			}
		}
	}
	return c, at
}

// byteOf is where a loop finds activations of bytes.
func byteOf[T Integer](x []T) *uint8 { return (*uint8)(unsafe.Pointer(unsafe.SliceData(x))) }

// bytesOf is where a loop finds cells.
func bytesOf(cells []uint32) *uint8 { return (*uint8)(unsafe.Pointer(unsafe.SliceData(cells))) }
