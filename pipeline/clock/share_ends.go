package clock

// Reader is a source whose beats come through a shared port.
type Reader struct {
	Source
	turn *turn
}

// NewReader makes a reader of so many beats a frame, each of so many bytes.
func NewReader(p Ports, name string, s Share, bytes, beats int64) *Reader {
	r := &Reader{*NewSource(p, name, Always{}, beats), p.turn(s, bytes, true)}
	r.turn.row.reader = r
	r.account.HeldBy = s.Name
	return r
}

// Accounts returns the reader's account.
func (r *Reader) Accounts() []*Account { return []*Account{&r.account} }

// Advance moves every beat whose time is known.
func (r *Reader) Advance() Progress {
	for {
		if r.offers {
			if !r.out.Free() {
				return Progress{}
			}
			r.sent(r.out.LastSent())
		}
		if r.done == r.total {
			r.account.Finish()
			return Progress{}
		}
		if !r.out.Open() {
			return Progress{}
		}
		at, granted := r.turn.ask(r.account.last + 1)
		if !granted || r.account.Beyond(at) {
			return Progress{}
		}
		r.turn.moved()
		r.offer, r.offers = at, true
		r.out.Offer(at)
	}
}

// Registers shows the reader's state, and that of the port.
func (r *Reader) Registers(v *Registers) {
	v.Section(r.done)
	if v.Moving() {
		r.turn.move(v)
		r.move(v)
	} else {
		r.turn.show(v)
	}
	r.turn.registers(v)
}

// Alike says how long the frames look the same; the port always does.
func (r *Reader) Alike(section int, from, shift int64) int64 {
	if section > 0 {
		return Unlimited
	}
	return r.Source.Alike(section, from, shift)
}

// Writer is a sink whose beats go through a shared port.
type Writer struct {
	sink Sink // not embedded: when the port is free, nobody can say in advance, as Accepts would
	turn *turn
}

// NewWriter makes a writer that expects so many beats a frame, each of so many bytes.
func NewWriter(p Ports, name string, s Share, bytes, beats int64) *Writer {
	w := &Writer{*NewSink(p, name, Always{}, beats), p.turn(s, bytes, false)}
	w.sink.account.HeldBy = s.Name
	return w
}

// Accounts returns the writer's account.
func (w *Writer) Accounts() []*Account { return []*Account{&w.sink.account} }

// Close names nothing, as that of a sink.
func (w *Writer) Close(total Cycle) { w.sink.Close(total) }

// Waiting says what the writer waits for.
func (w *Writer) Waiting() Wait { return w.sink.Waiting() }

func (w *Writer) unfinished() bool { return w.sink.unfinished() }

// Advance moves every beat whose time is known.
func (w *Writer) Advance() Progress {
	for w.sink.done < w.sink.total {
		o, ok := w.sink.in.Head()
		if !ok {
			return Progress{}
		}
		at, granted := w.turn.ask(max(o, w.sink.account.last+1))
		if !granted || w.sink.account.Beyond(at) {
			return Progress{}
		}
		w.turn.moved()
		if p := w.sink.take(o, at); p.Level != None {
			return p
		}
	}
	w.sink.account.Finish()
	return Progress{}
}

// Registers shows the writer's state, and that of the port.
func (w *Writer) Registers(v *Registers) {
	v.Section(w.sink.done)
	if v.Moving() {
		w.turn.move(v)
		w.sink.move(v)
	} else {
		w.turn.show(v)
	}
	w.turn.registers(v)
}

// Alike says how long the frames look the same; the port always does.
func (w *Writer) Alike(section int, from, shift int64) int64 {
	if section > 0 {
		return Unlimited
	}
	return w.sink.Alike(section, from, shift)
}
