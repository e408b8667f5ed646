package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// geometry is a parallel window in beats of the padded image.
type geometry struct {
	rows, cols       int64 // windows of a frame
	rowStep, colStep int64 // beats from one window to the next
	pixelBeats       int64 // beats per pixel, and windows handed over per position
	lastTap          int64 // beats from a window's first beat to its last tap's pixel
	frame            int64
}

func (w ShiftWindow) geometry() geometry {
	f, s := w.Fold, w.Fold.Shape
	cf := f.PixelBeats()
	return geometry{rows: int64(s.OutHeight), cols: int64(s.OutWidth),
		rowStep: int64(s.Stride.H) * int64(s.PaddedWidth()) * cf, colStep: int64(s.Stride.W) * cf,
		pixelBeats: cf, lastTap: f.LastTap(), frame: f.PaddedBeats()}
}

// shifter is the parallel window in time: one input beat shifts the whole
// structure, and a window that is complete is offered in the next cycle, all
// taps of one channel fold at once. The next beat may shift in no earlier than
// the cycle in which a complete window is handed over.
type shifter struct {
	geometry
	in, out *clock.Edge
	write   clock.Account
	read    clock.Account
	frames  int64
	overlap bool
	pace    clock.Level
	held    bool  // at a boundary
	pixels  int64 // ends of pixels are reported every so many, 0 for never
	eased   bool  // these are left out

	next    int64 // beat to shift in next, over all frames
	at      int64 // frame of the window to hand over next
	y, x, c int64
	wanted  int64 // the beat that completes that window, over all frames; Unlimited after the last
	offered bool  // that window is complete and on offer
}

// Process makes line buffer and window.
func (w ShiftWindow) Process(at clock.Ports) clock.Process {
	in, out, g := at.In[0], at.Out[0], w.geometry()
	write, read := at.Stage("linebuffer"), at.Stage("window")
	s := &shifter{geometry: g, in: in, out: out, frames: at.Frames, overlap: w.Overlap, pace: at.Pace,
		write: clock.NewAccount(write, in.Name(), read), read: clock.NewAccount(read, write, out.Name()),
		pixels: int64(turns(pixelBeats, int(g.pixelBeats), int(g.cols)))}
	s.want()
	return s
}

// AppendKey appends the geometry. When the last window of a frame has left, more of the frame
// may have to come: then the next one never waits for this one, and overlapping changes nothing.
func (w ShiftWindow) AppendKey(dst []byte) []byte {
	g := w.geometry()
	dst = clock.AppendInts(dst, g.rows, g.cols, g.rowStep, g.colStep, g.pixelBeats, g.lastTap, g.frame)
	newest := (g.rows-1)*g.rowStep + (g.cols-1)*g.colStep + g.lastTap + g.pixelBeats - 1
	return clock.AppendFlag(dst, w.Overlap || newest < g.frame-1)
}

// Overlapped is the window of overlapping frames.
func (w ShiftWindow) Overlapped() (clock.Timed, bool) {
	already := w.Overlap
	w.Overlap = true
	return w, already
}

// want works out which beat completes the window to hand over next.
func (w *shifter) want() {
	if w.at == w.frames {
		w.wanted = clock.Unlimited
		return
	}
	w.wanted = w.last()
}

// last is the last beat of the window to hand over next.
func (w *shifter) last() int64 {
	return w.at*w.frame + w.y*w.rowStep + w.x*w.colStep + w.lastTap + w.c
}

// whole reports whether one window shows the whole frame.
func (w *shifter) whole() bool { return w.rows*w.cols == 1 }

// Advance moves every beat whose time is known.
func (w *shifter) Advance() clock.Progress {
	for {
		if w.offered {
			if !w.out.Free() {
				break
			}
			if reached := w.hand(); reached.Level != clock.None {
				return reached
			}
		}
		if !w.shift() {
			break
		}
	}
	if w.next == w.frames*w.frame {
		w.write.Finish()
	}
	return clock.Progress{}
}

// hand accounts for the window on offer, which has left, and returns the
// boundary reached.
func (w *shifter) hand() clock.Progress {
	t := w.out.LastSent()
	w.read.Moved(w.write.Last()+1, t) // the beat that completed it, the last one
	w.offered = false
	var reached clock.Progress
	if w.c++; w.c == w.pixelBeats {
		w.c = 0
		reached = w.nextPixel(t)
	}
	w.want()
	return reached
}

func (w *shifter) nextPixel(t clock.Cycle) clock.Progress {
	level := clock.Pixel
	if w.x++; w.x == w.cols {
		w.x = 0
		level = clock.Row
		if w.y++; w.y == w.rows {
			w.y = 0
			level = clock.Frame
			if w.at++; w.at == w.frames {
				w.read.Finish()
			}
		}
	}
	if !w.pace.Stops(level) || level == clock.Pixel && (w.eased || w.pixels == 0 || w.x%w.pixels != 0) {
		return clock.Progress{}
	}
	return clock.Progress{Level: level, At: t}
}

// shift takes the next beat if its time is known. A beat that completes a
// window waits until that window may be offered.
func (w *shifter) shift() bool {
	if !w.ready() {
		return false
	}
	o, ok := w.in.Head()
	if !ok {
		return false
	}
	t := w.free(o)
	if w.write.Beyond(t) {
		return false
	}
	w.in.Take(t)
	w.shifted(o, t)
	return true
}

// ready reports whether a beat may be shifted in: one that completes a window may when
// that can be offered.
func (w *shifter) ready() bool {
	return w.next < w.frames*w.frame && (w.next != w.wanted || w.out.Open())
}

// Hold keeps the window where it is.
func (w *shifter) Hold(held bool) { w.held = held }

// Ease leaves out the boundaries within rows, or brings them back.
func (w *shifter) Ease(eased bool) { w.eased = eased }

// Receive takes a beat, unless a window is on offer, and hands over a window it
// completes, unless a boundary is to be reported then.
func (w *shifter) Receive(o clock.Cycle) (clock.Cycle, bool) {
	if w.offered || !w.ready() || w.held && (w.next == w.wanted || (w.next+1)%sideBeats == 0) {
		return 0, false
	}
	t := w.free(o)
	if w.write.Beyond(t) {
		return 0, false
	}
	w.shifted(o, t)
	if w.offered && w.out.Free() && !w.stops() {
		w.hand()
	} else if w.offered {
		w.in.Wake()
	}
	if w.next == w.frames*w.frame {
		w.write.Finish()
	}
	return t, true
}

// Takes says how many beats that complete no window are shifted in when they come.
func (w *shifter) Takes(_ *clock.Edge, t clock.Cycle, n int64) (first clock.Cycle, beats int64) {
	if w.offered || !w.ready() || w.held || w.free(t) > t {
		return 0, 0
	}
	if n = min(n, int64(w.write.Horizon()-t)); w.next == w.wanted {
		return t, w.out.Passes(t+1, min(n, w.windows()))
	}
	return t, min(n, w.wanted-w.next, w.frame-w.next%w.frame)
}

// windows is how many beats complete a window each, one after the other, before the row's last
// one; 0 where boundaries are reported meanwhile.
func (w *shifter) windows() int64 {
	if w.colStep != w.pixelBeats || w.pace.Stops(clock.Pixel) && !w.eased {
		return 0
	}
	return (w.cols-w.x)*w.pixelBeats - w.c - 1
}

// Took shifts them in, and hands over the windows they complete.
func (w *shifter) Took(_ *clock.Edge, first clock.Cycle, n int64) {
	w.write.Row(first, n)
	if w.next == w.wanted {
		w.read.Row(first+1, n)
		w.x, w.c = w.x+(w.c+n)/w.pixelBeats, (w.c+n)%w.pixelBeats
		w.wanted += n
		w.out.PassRow(first+1, n)
	}
	if w.next += n; w.next == w.frames*w.frame {
		w.write.Finish()
	}
}

// stops reports whether a boundary is to be reported once the window on offer is handed over.
func (w *shifter) stops() bool {
	switch {
	case w.pace == clock.None || w.c+1 < w.pixelBeats:
		return false
	case w.x+1 < w.cols:
		return w.pace.Stops(clock.Pixel) && !w.eased && w.pixels > 0 && (w.x+1)%w.pixels == 0
	case w.y+1 < w.rows:
		return w.pace.Stops(clock.Row)
	}
	return w.pace.Stops(clock.Frame)
}

// shifted notes that a beat offered from cycle o on is taken in cycle t.
func (w *shifter) shifted(o, t clock.Cycle) {
	w.write.Wait(clock.Starved, o)
	w.write.Wait(clock.Turnaround, w.turned()+1)
	w.write.Wait(clock.Blocked, t)
	w.write.Event(t)
	w.next++
	if w.next-1 == w.wanted {
		w.offered = true
		w.out.Offer(t + 1)
	}
}

// turned is when the frame before the next beat's had left whole, -1 if that does
// not matter.
func (w *shifter) turned() clock.Cycle {
	if !w.overlap && w.next > 0 && w.next%w.frame == 0 {
		return max(w.out.LastSent(), w.write.Last())
	}
	return -1
}

// free is the first cycle from t on in which a beat may shift in.
func (w *shifter) free(t clock.Cycle) clock.Cycle {
	return max(t, w.write.Last()+1, w.out.LastSent(), w.turned()+1)
}

// Accepts finds when a beat may shift in, unless a window is on offer.
func (w *shifter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return w.free(t), !w.offered
}

// Accounts returns the accounts of the shifting and the handing side.
func (w *shifter) Accounts() []*clock.Account { return []*clock.Account{&w.write, &w.read} }

// Close names the last waits.
func (w *shifter) Close(total clock.Cycle) {
	if w.offered { // a window that no output needs
		w.read.Waits(w.write.Last()+1, total)
	}
	if w.next < w.frames*w.frame {
		until := total
		if o, ok := w.in.Head(); ok {
			until = o
		}
		if left := w.turned(); left >= 0 { // at the end of a frame
			if w.offered {
				left = total
			}
			w.write.Wait(clock.Starved, until)
			w.write.Wait(clock.Turnaround, min(left+1, total))
		}
		w.write.Waits(until, total)
	}
}

// Waiting says what the window waits for.
func (w *shifter) Waiting() clock.Wait {
	held := w.offered && !w.out.Free()
	return clock.WaitOf(!held && (w.next == w.frames*w.frame || w.out.Done()), held, w.in, w.out)
}

// Registers shows the window: beats shifted in count, windows follow from them. Where one
// shows the whole frame, how far it is from complete does not matter while it is not.
func (w *shifter) Registers(v *clock.Registers) {
	v.Section(w.next)
	if v.Moving() {
		w.move(v)
		return
	}
	switch {
	case w.far():
		v.Value(-2 - w.c)
		return
	case !w.whole() || w.at == w.frames:
		v.Value(w.wanted - w.next)
		return
	}
	v.Value(w.c)
	v.Value(w.wanted - w.last())
	v.Value(w.next/w.frame - w.at)
}

// far reports whether more beats than lie between two windows of a row are to come before one is
// complete.
func (w *shifter) far() bool {
	return w.wanted-w.next > w.colStep && w.at < w.frames && !w.whole()
}

// since is how many beats have come behind the first one after the window before, or of the
// frame. That one waits for the window to be handed over.
func (w *shifter) since() int64 {
	first := w.at * w.frame
	if w.y > 0 {
		first += (w.y-1)*w.rowStep + (w.cols-1)*w.colStep + w.lastTap + w.pixelBeats
	}
	return w.next - first - 1
}

func (w *shifter) move(v *clock.Registers) {
	beats, none := v.Beats(), v.Beats() <= w.wanted-w.next
	w.next += beats
	v.MoveAccount(&w.write)
	switch {
	case beats%w.frame == 0:
		w.at += beats / w.frame
	case w.whole() || none && w.at < w.frames:
		return // no window was handed over
	case beats%w.rowStep == 0:
		w.y += beats / w.rowStep
	default:
		w.x += beats / w.colStep
	}
	v.MoveAccount(&w.read)
	w.want()
}

// Alike says for how long windows look the same: those of a row, and rows of a
// frame, are alike from the frame's first beat on, or from behind it where that waits
// for the frame before.
func (w *shifter) Alike(_ int, _, shift int64) int64 {
	ofFrame := w.next - w.at*w.frame
	if !w.overlap && shift%w.frame != 0 && !w.whole() {
		ofFrame--
	}
	back, ahead := int64(0), int64(0)
	switch {
	case shift%w.frame == 0:
		return (w.frames*w.frame - w.next - 1) / shift
	case w.whole():
		back, ahead = ofFrame-1, w.wanted-w.next
	case w.far() && w.since() >= shift:
		back, ahead = w.since(), w.wanted-w.next
	case shift%w.rowStep == 0:
		back, ahead = min(w.y*w.rowStep, ofFrame), (w.rows-1-w.y)*w.rowStep
	case shift%w.colStep == 0:
		back, ahead = min(w.x*w.colStep, ofFrame), (w.cols-1-w.x)*w.colStep
	}
	if back < shift {
		return 0
	}
	return max(0, ahead) / shift
}
