package stepsim

// replay is the buffer in front of an array with NF > 1: it reads each vector of sf beats nf times into a register.
type replay struct {
	sf, nf   int
	capacity int64 // beats

	written int64 // beats accepted
	freed   int64 // beats read for the last time
	vector  int64 // first beat of the vector being read
	tap     int   // next beat of it
	pass    int
	full    bool // the register holds a beat
}

func (r *replay) room() bool { return r.written-r.freed < r.capacity }

// commit writes, reads and releases; conditions are those at the start of the cycle, so a beat written now is
// readable in the next cycle and a slot read for the last time is free in the next cycle.
func (r *replay) commit(write, consumed bool) (moved bool) {
	read := r.vector+int64(r.tap) < r.written && (!r.full || consumed)
	if write {
		r.written++
	}
	r.full = read || r.full && !consumed
	if read {
		r.advance()
	}
	return read
}

func (r *replay) advance() {
	if r.pass == r.nf-1 {
		r.freed++
	}
	if r.tap++; r.tap < r.sf {
		return
	}
	r.tap = 0
	if r.pass++; r.pass < r.nf {
		return
	}
	r.pass = 0
	r.vector += int64(r.sf)
}
