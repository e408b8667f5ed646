package stepsim

// Adapter is FINN's axis_adapter: a width converter that knows where a frame of Elements ends; the last beat
// has what is left. Equal widths are plain wires.
type Adapter struct {
	In, Out  int // elements of a beat
	Elements int // of a frame
}

func (s Adapter) beats() (in, out int) {
	return ceilDiv(s.Elements, s.In), ceilDiv(s.Elements, s.Out)
}

func (s Adapter) kinds() []Kind {
	if s.In == s.Out {
		return nil
	}
	return []Kind{KindConverter}
}

func (s Adapter) start(frames, in, out int) block {
	if s.In == s.Out {
		return wire{}
	}
	if s.In < s.Out {
		return &adapterUp{parts: s.Out / s.In, frame: in, left: events(frames * in)}
	}
	return &adapterDown{spec: s, frame: in, left: events(frames * out)}
}

// adapterUp gathers parts; the last one of a frame completes a beat as the last of a word does.
type adapterUp struct {
	parts, frame int
	left         events

	valid, skid bool
	count       int // parts gathered of this beat
	at          int // parts used of this frame
}

func (a *adapterUp) offer(Cycle, bool) bool { return a.valid }
func (a *adapterUp) accept(bool, bool) bool { return !a.skid }

func (a *adapterUp) commit(w wires, names []Name) bool {
	before := *a
	names[0] = a.left.input(w)
	part := a.skid || w.inValid
	if a.valid && !w.outReady {
		a.skid = part
		return *a != before
	}
	a.valid, a.skid = false, false
	if part {
		a.count++
		a.at++
		if a.count == a.parts || a.at == a.frame {
			a.valid, a.count = true, 0
		}
		a.at %= a.frame
	}
	return *a != before || w.in() || w.out()
}

// adapterDown hands over the valid parts of a beat.
type adapterDown struct {
	spec  Adapter
	frame int
	left  events

	valid bool
	rem   int // parts still held
	at    int // beats taken of this frame
}

func (a *adapterDown) offer(Cycle, bool) bool { return a.valid }
func (a *adapterDown) accept(bool, bool) bool { return a.rem == 0 }

func (a *adapterDown) commit(w wires, names []Name) bool {
	before := *a
	names[0] = a.left.output(w)
	parts := ceilDiv(min(a.spec.In, a.spec.Elements-a.at*a.spec.In), a.spec.Out)
	switch free := !a.valid || w.outReady; {
	case free && a.rem > 0:
		a.valid = true
		a.rem--
	case free && w.inValid:
		a.valid, a.rem = true, parts-1
	case free:
		a.valid = false
	case a.rem == 0 && w.inValid:
		a.rem = parts
	}
	if w.in() {
		a.at = (a.at + 1) % a.frame
	}
	return *a != before || w.in() || w.out()
}
