package stepsim

import "fmt"

// Dwc is a width converter that knows nothing of frames: In elements a beat become Out. One must divide the
// other; equal widths are plain wires. What does not fill a beat at the end stays for ever.
type Dwc struct{ In, Out int }

// Converters returns what converts between any two widths: nothing, one Dwc, or two over the least common multiple.
func Converters(in, out int) []Block {
	switch {
	case in == out:
		return nil
	case in%out == 0 || out%in == 0:
		return []Block{Dwc{in, out}}
	}
	wide := in / gcd(in, out) * out
	return []Block{Dwc{in, wide}, Dwc{wide, out}}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (s Dwc) kinds() []Kind {
	if s.In == s.Out {
		return nil
	}
	return []Kind{KindConverter}
}

func (s Dwc) flow(frames int, in []int) ([]int, error) { return converted(frames, in[0], s.In, s.Out) }

// converted returns the beats of out elements that n beats of in elements make. Only a single frame may leave
// elements over.
func converted(frames, n, in, out int) ([]int, error) {
	var err error
	if frames > 1 && n*in%out != 0 {
		err = fmt.Errorf("frames of %d beats of %d elements make no whole beats of %d", n, in, out)
	}
	return []int{n * in / out}, err
}

func (s Dwc) build(frames int, in, out []int) unit {
	switch {
	case s.In < s.Out:
		return solo{&dwcUp{parts: s.Out / s.In, left: events(frames * in[0])}}
	case s.In > s.Out:
		return solo{&dwcDown{parts: s.In / s.Out, left: events(frames * out[0])}}
	}
	return solo{wire{}}
}

// dwcUp collects parts into a word.
type dwcUp struct {
	parts int
	left  events // beats not yet taken

	n    int // parts collected
	skid bool
}

func (d *dwcUp) offer(Cycle, bool) bool { return d.n == d.parts }
func (d *dwcUp) accept(bool, bool) bool { return !d.skid }

func (d *dwcUp) commit(w wires, names []Name) bool {
	before := *d
	names[0] = d.left.input(w)
	can := d.n < d.parts || w.out()
	have := w.inValid || d.skid
	if w.out() {
		d.n = 0
	}
	if have && can {
		d.n++
	}
	d.skid = have && !can
	return *d != before || w.out()
}

// dwcDown hands a word over part by part.
type dwcDown struct {
	parts int
	left  events // beats not yet handed over

	held       int // parts left in the input register
	side, full bool
}

func (d *dwcDown) offer(Cycle, bool) bool { return d.full }
func (d *dwcDown) accept(bool, bool) bool { return !d.side && d.held <= 1 }

func (d *dwcDown) commit(w wires, names []Name) bool {
	before := *d
	names[0] = d.left.output(w)
	old := before
	switch {
	case w.inReady && w.inValid:
		d.held = d.parts
	case w.inReady:
		d.held = 0
	case !old.side:
		d.held--
	}
	d.full = old.full && !w.outReady || old.side || old.held > 0
	d.side = !(!old.full || w.outReady || !old.side && old.held == 0)
	return *d != before || w.in() || w.out()
}
