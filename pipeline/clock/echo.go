package clock

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

// find is the echo that beat k is one of, nil if it moved by itself.
func (c *echoes) find(k int64) *echo {
	low, high := 0, len(c.list)
	if c.near < high {
		switch e := &c.list[c.near]; {
		case k >= e.to:
			low = c.near + 1
		case k >= e.from:
			return e
		default:
			high = c.near
		}
	}
	for low < high {
		mid := (low + high) / 2
		switch e := &c.list[mid]; {
		case k >= e.to:
			low = mid + 1
		case k >= e.from:
			c.near = mid
			return e
		default:
			high = mid
		}
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
	for k := from - beats; k < from; k++ {
		e.times = append(e.times, c.at(k, ring))
	}
	c.list = append(c.list[:copy(c.list, c.list[gone:])], e)
	c.near = len(c.list) - 1
}

// write writes the times of the echoes from beat from up to end that have a place in the ring.
func (c *echoes) write(from, end int64, ring []Cycle) {
	mask := int64(len(ring) - 1)
	for i := range c.list {
		e := &c.list[i]
		for k := max(from, e.from, end-mask-1); k < e.to; k++ {
			ring[k&mask] = e.at(k)
		}
	}
}
