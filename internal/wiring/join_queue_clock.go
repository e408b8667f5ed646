package wiring

import "github.com/convsim/convsim/pipeline/clock"

// Of the join with a queue: cycles of its pipeline, and pairs it holds at most.
const (
	joinPipeline = 2
	joinCredits  = 8
)

// queueJoiner is FINN's elementwise operation in time: each of two inputs has a
// side register, which takes a beat when it is empty; a pair is taken out of, or
// past, the registers when both are there and there is a credit. Behind it comes
// the pipeline of a Pipe.
type queueJoiner struct {
	Pipe
	ins  []*clock.Edge
	held [2]bool        // the register's beat has come
	came [2]clock.Cycle // when it came
}

func newQueueJoiner(at clock.Ports, beats int64) *queueJoiner {
	p := NewPipe(at, "join", joinPipeline, joinCredits, beats)
	return &queueJoiner{Pipe: *p, ins: at.In}
}

// Advance moves every beat whose time is known.
func (j *queueJoiner) Advance() clock.Progress {
	for j.hold(0) || j.hold(1) || j.emit() || j.pair() {
	}
	if j.Left == 0 {
		j.Account.Finish()
	}
	return clock.Progress{}
}

// Accepts finds when the input's register is empty.
func (j *queueJoiner) Accepts(in *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	i := 0
	if in == j.ins[1] {
		i = 1
	}
	return max(t, j.Account.Last()+1), !j.held[i] && j.Left > 0
}

// hold takes the next beat of an input.
func (j *queueJoiner) hold(i int) bool {
	o, ok := j.ins[i].Head()
	if !ok {
		return false
	}
	t, ok := j.Accepts(j.ins[i], o)
	if !ok || j.Account.Beyond(t) {
		return false
	}
	j.ins[i].Take(t)
	j.held[i], j.came[i] = true, t
	return true
}

// pair takes both beats once there is a credit.
func (j *queueJoiner) pair() bool {
	if !j.held[0] || !j.held[1] {
		return false
	}
	both := max(j.came[0], j.came[1])
	t, ok := j.Pipe.Accepts(nil, both)
	if !ok || j.Account.Beyond(t) {
		return false
	}
	j.held = [2]bool{}
	j.Moved(both, t)
	j.enter(t)
	return true
}

// Close names the last wait.
func (j *queueJoiner) Close(total clock.Cycle) {
	if j.held[0] && j.held[1] {
		j.Account.Waits(max(j.came[0], j.came[1]), total)
	}
}

// Waiting says what the join waits for.
func (j *queueJoiner) Waiting() clock.Wait {
	if j.held[0] && j.held[1] {
		return clock.Wait{Cause: clock.Blocked, Edge: j.out}
	}
	w := j.Pipe.Waiting()
	if w.Cause == clock.Starved {
		w.Edge = j.ins[0]
		if j.held[0] {
			w.Edge = j.ins[1]
		}
	}
	return w
}

// Registers shows what the side registers hold, and the pipeline.
func (j *queueJoiner) Registers(v *clock.Registers) {
	j.Pipe.Registers(v)
	if v.Moving() {
		v.Move(&j.came[0], &j.came[1])
	}
	for i := range j.ins {
		v.Flag(j.held[i])
		if j.held[i] {
			v.Exact(j.came[i])
		}
	}
}
