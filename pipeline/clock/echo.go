package clock

import "slices"

// echo is beats of which each moved a period after the one so many beats before it. Nobody asks
// when most of them did, so that is worked out for those that somebody does ask about.
type echo struct {
	beats    int64
	period   Cycle
	from, to int64   // beats, the last one not included
	times    []Cycle // of as many beats as a period has, before from
}

// at is when beat k moved, one of them.
func (e *echo) at(k int64) Cycle {
	n := k - e.from
	turns := n / e.beats
	return e.times[n-turns*e.beats] + Cycle(turns+1)*e.period
}

// echoes are those of one end of a FIFO, the oldest ones first.
type echoes struct {
	list []echo
	near int // the one asked for last
}

// first is the number of the first echo with beats from number k on.
func (c *echoes) first(k int64) int {
	low, high := 0, len(c.list)
	if i := c.near; i < high { // mostly that one
		switch {
		case c.list[i].to <= k:
			low = i + 1
		case i == 0 || c.list[i-1].to <= k:
			return i
		default:
			high = i
		}
	}
	for low < high {
		if mid := (low + high) / 2; c.list[mid].to <= k {
			low = mid + 1
		} else {
			high = mid
		}
	}
	c.near = low
	return low
}

// find is the echo that beat k is one of, nil if it moved by itself.
func (c *echoes) find(k int64) *echo {
	if i := c.first(k); i < len(c.list) && c.list[i].from <= k {
		return &c.list[i]
	}
	return nil
}

// at is when beat k moved, which is in the ring if it is no echo.
func (c *echoes) at(k int64, ring []Cycle) Cycle {
	if e := c.find(k); e != nil {
		return e.at(k)
	}
	return ring[k&int64(len(ring)-1)]
}

// known is up to which beat those from number k on are known to have moved a period after the ones
// so many beats before them.
func (c *echoes) known(beats int64, period Cycle, k int64) int64 {
	e := c.find(k)
	if e == nil || beats%e.beats != 0 || period != Cycle(beats/e.beats)*e.period || k-(beats-e.beats) < e.from {
		return k
	}
	return e.to
}

// add notes that the beats from one up to, not including, another are echoes of those before. Beats
// before the oldest are not asked for any more.
func (c *echoes) add(beats int64, period Cycle, from, to, oldest int64, ring []Cycle) {
	if n := len(c.list); n > 0 {
		if e := &c.list[n-1]; e.to == from && e.beats == beats && e.period == period {
			e.to = to
			return
		}
	}
	e := echo{beats: beats, period: period, from: from, to: to}
	gone := 0
	for gone < len(c.list) && c.list[gone].to <= oldest {
		e.times = c.list[gone].times[:0]
		gone++
	}
	e.times = slices.Grow(e.times, int(beats))
	for k := from - beats; k < from; k++ {
		e.times = append(e.times, c.at(k, ring))
	}
	c.list = append(c.list[:copy(c.list, c.list[gone:])], e)
	c.near = len(c.list) - 1
}

// write writes when the echoes from beat from up to, not including, another moved into the ring.
func (c *echoes) write(from, end int64, ring []Cycle) {
	mask := int64(len(ring) - 1)
	for i := c.first(from); i < len(c.list) && c.list[i].from < end; i++ {
		e := &c.list[i]
		k := max(from, e.from)
		turns := (k - e.from) / e.beats
		at, later := k-e.from-turns*e.beats, Cycle(turns+1)*e.period
		for ; k < min(end, e.to); k++ {
			ring[k&mask] = e.times[at] + later
			if at++; at == e.beats {
				at, later = 0, later+e.period
			}
		}
	}
}
