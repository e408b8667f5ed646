package stepsim

import "math/bits"

// Credits is a pipeline that never stops and takes a beat only if there is room for its result behind it:
// thresholding and the requantiser by scale.
type Credits struct {
	Latency int // of the pipeline, P; P+3 beats may be inside
}

// ScaleLatency is the latency of the requantiser by scale.
const ScaleLatency = 4

// Thresholding returns the unit that compares with n thresholds a channel: one stage per bit of the count, two if deep.
func Thresholding(n int, deep bool) Credits {
	p := bits.Len(uint(n))
	if deep {
		p *= 2
	}
	return Credits{Latency: p}
}

func (Credits) beats() (in, out int) { return 0, 0 }
func (Credits) kinds() []Kind        { return []Kind{KindRequant} }
func (s Credits) start(frames, in, _ int) block {
	return &credits{resultQueue: newResultQueue(s.Latency), room: s.Latency + 3, left: events(frames * in)}
}

type credits struct {
	resultQueue
	room int
	left events
}

func (c *credits) offer(Cycle, bool) bool { return c.full }
func (c *credits) accept(bool, bool) bool { return c.used < c.room }
func (c *credits) commit(w wires, names []Name) bool {
	names[0] = c.left.input(w)
	return c.step(w.in(), w.outReady)
}
