package stepsim

// DwcProto is FINN's generic converter between any two widths, in elements: one register of units of the
// greatest common divisor.
type DwcProto struct{ In, Out int }

func (DwcProto) kinds() []Kind { return []Kind{KindConverter} }

func (s DwcProto) flow(frames int, in []int) ([]int, error) {
	return converted(frames, in[0], s.In, s.Out)
}

func (s DwcProto) build(frames int, in, out []int) unit {
	unit := gcd(s.In, s.Out)
	p := &dwcProto{in: s.In / unit, out: s.Out / unit, left: events(frames * in[0])}
	if p.in > p.out {
		p.left = events(frames * out[0])
	}
	return solo{p}
}

type dwcProto struct {
	in, out int // units of a beat
	left    events

	n    int // units stored
	skid bool
}

func (d *dwcProto) offer(Cycle, bool) bool { return d.n >= d.out }
func (d *dwcProto) accept(bool, bool) bool { return !d.skid }

func (d *dwcProto) commit(w wires, names []Name) bool {
	before := *d
	if d.in <= d.out {
		names[0] = d.left.input(w)
	} else {
		names[0] = d.left.output(w)
	}
	if w.out() {
		d.n -= d.out
	}
	free := d.n < d.out
	have := w.inValid || d.skid
	if have && free {
		d.n += d.in
	}
	d.skid = have && !free
	return *d != before || w.in() || w.out()
}
