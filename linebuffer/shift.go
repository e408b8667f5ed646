package linebuffer

import (
	"github.com/convsim/convsim/pipeline"
)

// ShiftSpec describes a parallel window. Beats are of the padded image.
type ShiftSpec struct {
	Rows, Cols       int   // windows of a frame
	RowStep, ColStep int64 // beats from one window to the next
	PixelBeats       int64 // beats per pixel, and windows handed over per position
	LastTap          int64 // beats from a window's first beat to its last tap's pixel
	FrameBeats       int64
	Frames           int64
	Overlap          bool           // the next frame may enter before the last window left
	WriteUnits       pipeline.Units // beats shifted in per unit of the driving window
	Pacer            *pipeline.Pacer
}

// ShiftWindow is the parallel window: one input beat shifts the whole
// structure, and a window that is complete is offered in the next cycle, all
// taps of one channel fold at once. The next beat may shift in no earlier than
// the cycle in which a complete window is handed over.
type ShiftWindow struct {
	spec    ShiftSpec
	in, out *pipeline.Edge
	write   pipeline.Stage
	read    pipeline.Stage

	next    int64 // beat to shift in next, over all frames
	limit   int64
	frame   int64 // of the window to hand over next
	y, x    int
	c       int64
	wanted  int64 // the beat that completes that window, over all frames; farAway after the last
	offered bool  // that window is complete and on offer
	pace    int
}

const farAway = 1 << 60

// NewShiftWindow adds a parallel window to g.
func NewShiftWindow(g *pipeline.Graph, in, out *pipeline.Edge, s ShiftSpec) *ShiftWindow {
	w := &ShiftWindow{spec: s, in: in, out: out,
		write: pipeline.NewStage("linebuffer", in.Name(), "window"),
		read:  pipeline.NewStage("window", "linebuffer", out.Name()),
		pace:  pixelsPerBoundary(int(s.PixelBeats), s.Cols)}
	w.Unlimit()
	w.want()
	g.Add(w, []*pipeline.Edge{in}, []*pipeline.Edge{out})
	return w
}

// Limit holds the stage back after n beats of the last frame.
func (w *ShiftWindow) Limit(n int64) { w.limit = (w.spec.Frames-1)*w.spec.FrameBeats + n }

// Unlimit lets all beats go.
func (w *ShiftWindow) Unlimit() { w.limit = w.spec.Frames * w.spec.FrameBeats }

// want works out which beat completes the window to hand over next.
func (w *ShiftWindow) want() {
	if w.frame == w.spec.Frames {
		w.wanted = farAway
		return
	}
	w.wanted = w.frame*w.spec.FrameBeats + int64(w.y)*w.spec.RowStep + int64(w.x)*w.spec.ColStep + w.spec.LastTap + w.c
}

// Advance moves every beat whose time is known.
func (w *ShiftWindow) Advance() {
	for {
		if w.offered {
			if !w.out.Free() {
				return
			}
			if w.hand() {
				return
			}
		}
		if w.next == w.limit || !w.shift() {
			break
		}
	}
	if w.next == w.spec.Frames*w.spec.FrameBeats {
		w.write.Finish()
	}
}

// hand accounts for the window on offer, which has left, and reports whether a
// boundary was reported.
func (w *ShiftWindow) hand() bool {
	t := w.out.LastSent()
	w.read.Wait(pipeline.Starved, w.write.Last()+1) // the beat that completed it, the last one
	w.read.Wait(pipeline.Blocked, t)
	w.read.Event(t)
	w.offered = false
	paced := false
	if w.c++; w.c == w.spec.PixelBeats {
		w.c = 0
		paced = w.nextPixel(t)
	}
	w.want()
	return paced
}

func (w *ShiftWindow) nextPixel(t pipeline.Cycle) bool {
	level, index := pipeline.Pixel, int64(0)
	if w.x++; w.x == w.spec.Cols {
		w.x = 0
		level = pipeline.Row
		if w.y++; w.y == w.spec.Rows {
			w.y = 0
			level = pipeline.Frame
			if w.frame++; w.frame == w.spec.Frames {
				w.read.Finish()
			}
		}
	}
	if !w.spec.Pacer.On() {
		return false
	}
	switch level {
	case pipeline.Frame:
		index = w.frame
	case pipeline.Row:
		index = int64(w.y)
	default:
		if w.pace == 0 || w.x%w.pace != 0 {
			return false
		}
		index = int64(w.x)
	}
	w.spec.Pacer.Reach(level, index, t)
	return true
}

// shift takes the next beat if its time is known.
func (w *ShiftWindow) shift() bool {
	o, ok := w.in.Head()
	if !ok {
		return false
	}
	ended := pipeline.Cycle(-1) // when the frame before had left whole
	if !w.spec.Overlap && w.next > 0 && w.next%w.spec.FrameBeats == 0 {
		ended = max(w.out.LastSent(), w.write.Last())
	}
	t := max(o, w.write.Last()+1, w.out.LastSent(), ended+1)
	if t >= w.write.Horizon() {
		return false
	}
	w.in.Take(t)
	w.write.Wait(pipeline.Starved, o)
	w.write.Wait(pipeline.Turnaround, ended+1)
	w.write.Wait(pipeline.Blocked, t)
	w.write.Event(t)
	w.next++
	if w.next-1 == w.wanted {
		w.offered = true
		w.out.Offer(t + 1)
	}
	return true
}

// Stages returns the accounts of the shifting and the handing side.
func (w *ShiftWindow) Stages() []*pipeline.Stage { return []*pipeline.Stage{&w.write, &w.read} }

// Close names the last waits.
func (w *ShiftWindow) Close(total pipeline.Cycle) {
	if w.next < w.spec.Frames*w.spec.FrameBeats {
		until := total
		if o, ok := w.in.Head(); ok {
			until = o
		}
		w.write.Wait(pipeline.Starved, until)
		w.write.Wait(pipeline.Blocked, total)
	}
}

// Waiting says what the window waits for.
func (w *ShiftWindow) Waiting() pipeline.Wait {
	switch {
	case w.offered && !w.out.Free():
		return pipeline.Wait{Cause: pipeline.Blocked, Edge: w.out}
	case w.next == w.limit:
		return pipeline.Wait{Cause: pipeline.Finished}
	}
	return pipeline.Wait{Cause: pipeline.Starved, Edge: w.in}
}

// State describes the window: beats shifted in count, windows follow from them.
// Windows of a row and rows of a frame are alike from the frame's first beat on.
func (w *ShiftWindow) State(s *pipeline.State) {
	back, ahead := w.next, w.limit-w.next-1
	pixel, row := w.spec.ColStep, w.spec.RowStep
	ofFrame := w.next - w.frame*w.spec.FrameBeats
	switch s.Level() {
	case pipeline.Pixel:
		back, ahead = min(int64(w.x)*pixel, ofFrame), min(int64(w.spec.Cols-1-w.x)*pixel, ahead)
	case pipeline.Row:
		back, ahead = min(int64(w.y)*row, ofFrame), min(int64(w.spec.Rows-1-w.y)*row, ahead)
	}
	s.Section(w.next, w.spec.WriteUnits, back, ahead)
	s.Value(w.wanted - w.next)
}

// Skip jumps ahead.
func (w *ShiftWindow) Skip(k *pipeline.Skip) {
	if !k.Section() {
		return
	}
	beats := k.Beats(w.spec.WriteUnits)
	w.next += beats
	switch k.Level {
	case pipeline.Pixel:
		w.x += int(beats / w.spec.ColStep)
	case pipeline.Row:
		w.y += int(beats / w.spec.RowStep)
	default:
		w.frame += k.Units
	}
	w.write.Shift(k)
	w.read.Shift(k)
	w.want()
}
