package stepsim

// resultQueue is a free-running pipeline, the queue that catches what leaves it, and the output register behind that.
type resultQueue struct {
	inFlight []bool // newest first
	queued   int
	full     bool // the output register holds a result
	used     int  // results entered and not yet handed over
}

func newResultQueue(latency int) resultQueue { return resultQueue{inFlight: make([]bool, latency)} }

// step enters a result or not, and moves on. All conditions are those at the start of the cycle.
func (q *resultQueue) step(enters, outReady bool) (moved bool) {
	load := q.queued > 0 && (!q.full || outReady)
	push := enters // without a pipeline
	if last := len(q.inFlight) - 1; last >= 0 {
		push = q.inFlight[last]
	}
	handedOver := q.full && outReady

	moved = load || handedOver || enters
	for _, busy := range q.inFlight {
		moved = moved || busy
	}

	if len(q.inFlight) > 0 {
		copy(q.inFlight[1:], q.inFlight)
		q.inFlight[0] = enters
	}
	if push {
		q.queued++
	}
	if load {
		q.queued--
	}
	if enters {
		q.used++
	}
	if handedOver {
		q.used--
	}
	q.full = load || q.full && !outReady
	return moved
}
