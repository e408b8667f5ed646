package linebuffer

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// BufferSpec describes an addressable buffer.
type BufferSpec struct {
	WriteName, ReadName string // of the two stages
	Reads               *sched.Reads
	Depth               int64 // beats, at least Reads.Depth
	Frames              int64
	Overlap             bool           // the next frame may enter while this one leaves
	WriteUnits          pipeline.Units // beats written per unit of the driving window
	ReadUnits           pipeline.Units // reads per unit of the driving window
	Pacer               *pipeline.Pacer
}

// Buffer is an addressable cyclic memory with one write and one read port; the
// read port has an output register. Beats are read as the nest of sched.Reads
// says. Beat j takes the place of beat j-Depth, one cycle after that one's last
// read at the earliest. Unless Overlap, a frame enters only when the one before
// has left whole.
type Buffer struct {
	write   writer
	read    reader
	in, out *pipeline.Edge
	reads   *sched.Reads
	depth   int64
	overlap bool
	frames  int64
	pacer   *pipeline.Pacer
	pace    int // boundaries are reported every so many pixels, 0 for rows only

	arrival []pipeline.Cycle // when beats arrived, by (beat - shifted) & mask
	mask    int64
	shifted int64
	free    frees
}

// writer is the line buffer's side that fills.
type writer struct {
	stage    pipeline.Stage
	units    pipeline.Units
	next     int64 // the beat to write next, over all frames
	frameEnd int64 // beats up to which writing is open
	limit    int64
}

// reader is the window's side that empties.
type reader struct {
	stage pipeline.Stage
	units pipeline.Units
	done  int64 // reads made, over all frames
	limit int64
	frame int64
	y, x  int
	i     int
	start int64 // first beat of the frame
	base  int64 // beat of inner offset 0 at this pixel
	after int64 // smallest beat that later pixels read
}

// NewBuffer adds an addressable buffer to g.
func NewBuffer(g *pipeline.Graph, in, out *pipeline.Edge, s BufferSpec) *Buffer {
	size := int64(1) << bits.Len64(uint64(s.Depth))
	b := &Buffer{in: in, out: out, reads: s.Reads, depth: s.Depth, overlap: s.Overlap, frames: s.Frames,
		pacer: s.Pacer, arrival: arrivals.take(size), mask: size - 1}
	b.write = writer{stage: pipeline.NewStage(s.WriteName, in.Name(), s.ReadName), units: s.WriteUnits,
		frameEnd: s.Reads.FrameBeats()}
	b.read = reader{stage: pipeline.NewStage(s.ReadName, s.WriteName, out.Name()), units: s.ReadUnits}
	if s.Overlap {
		b.write.frameEnd = s.Frames * s.Reads.FrameBeats()
	}
	b.Unlimit()
	b.read.seek(b.reads)
	b.pace = pixelsPerBoundary(len(s.Reads.Inner), len(s.Reads.Col))
	g.Add(b, []*pipeline.Edge{in}, []*pipeline.Edge{out})
	return b
}

// boundaryBeats is how many beats between two boundaries make comparing states
// cheap against moving the beats.
const boundaryBeats = 128

// pixelsPerBoundary is how many pixels of so many beats are worth a boundary, 0
// when a row is too short for that.
func pixelsPerBoundary(beats, pixels int) int {
	n := (boundaryBeats + beats - 1) / beats
	if n > pixels/4 {
		return 0
	}
	return n
}

// Limit holds writing back after `writes` beats of the last frame, and reading
// after `reads`.
func (b *Buffer) Limit(writes, reads int64) {
	b.write.limit = (b.frames-1)*b.reads.FrameBeats() + writes
	b.read.limit = (b.frames-1)*b.reads.Steps() + reads
}

// Unlimit lets all beats go.
func (b *Buffer) Unlimit() {
	b.write.limit = b.frames * b.reads.FrameBeats()
	b.read.limit = b.frames * b.reads.Steps()
}

// Advance moves every beat whose time is known.
func (b *Buffer) Advance() {
	for {
		b.fill()
		more, paced := b.fetch()
		if paced || !more {
			return
		}
	}
}

// fill writes beats into the buffer.
func (b *Buffer) fill() {
	w := &b.write
	for w.next < w.limit {
		o, ok := b.in.Head()
		if !ok {
			return
		}
		ended := pipeline.Cycle(-1)
		if w.next == w.frameEnd {
			if ended, ok = b.turn(); !ok {
				return
			}
		}
		room, ok := b.free.cover(w.next - b.depth)
		if !ok {
			return
		}
		t := max(o, w.stage.Last()+1, room, ended+1)
		if t >= w.stage.Horizon() {
			return
		}
		b.in.Take(t)
		w.stage.Wait(pipeline.Starved, o)
		w.stage.Wait(pipeline.Turnaround, ended+1)
		w.stage.Wait(pipeline.Blocked, t)
		w.stage.Event(t)
		b.arrival[(w.next-b.shifted)&b.mask] = t
		w.next++
	}
	if w.next == b.frames*b.reads.FrameBeats() {
		w.stage.Finish()
	}
}

// turn starts the next frame once the one before has left whole: its last beat
// is in and its last read has been taken. It returns when that was, and whether
// it is known.
func (b *Buffer) turn() (ended pipeline.Cycle, ok bool) {
	if b.read.start != b.write.frameEnd || !b.out.Free() {
		return 0, false
	}
	b.write.frameEnd += b.reads.FrameBeats()
	b.free.reset(b.read.start)
	return max(b.out.LastSent(), b.write.stage.Last()), true
}

// fetch reads one beat if it can, and reports so; paced says that a boundary
// was reported.
func (b *Buffer) fetch() (more, paced bool) {
	r := &b.read
	if r.done == r.limit || !b.out.Free() {
		return false, false
	}
	beat := r.base + int64(b.reads.Inner[r.i])
	if beat >= b.write.next {
		return false, false
	}
	arrived := b.arrival[(beat-b.shifted)&b.mask] + 1
	t := max(r.stage.Last()+1, arrived, b.out.LastSent())
	if t >= r.stage.Horizon() {
		return false, false
	}
	r.stage.Wait(pipeline.Starved, arrived)
	r.stage.Wait(pipeline.Blocked, t)
	r.stage.Event(t)
	b.out.Offer(t + 1)
	if b.write.next < b.write.frameEnd {
		b.release(t + 1)
	}
	r.done++
	if r.i++; r.i < len(b.reads.Inner) {
		return true, false
	}
	return true, b.nextPixel(t)
}

// release notes which beats no read after the current one needs, from cycle t.
func (b *Buffer) release(t pipeline.Cycle) {
	r := &b.read
	upTo := r.after
	if a := int64(b.reads.InnerAfter()[r.i]); a < r.after-r.base {
		upTo = r.base + a
	}
	b.free.add(upTo, t)
}

// nextPixel moves the reader on and reports whether it reported a boundary.
func (b *Buffer) nextPixel(t pipeline.Cycle) bool {
	r := &b.read
	r.i = 0
	level := pipeline.Pixel
	if r.x++; r.x == len(b.reads.Col) {
		r.x = 0
		level = pipeline.Row
		if r.y++; r.y == len(b.reads.Row) {
			r.y = 0
			level = pipeline.Frame
			r.frame++
			r.start += b.reads.FrameBeats()
			if r.frame == b.frames {
				r.stage.Finish()
			}
		}
	}
	r.seek(b.reads)
	if !b.pacer.On() {
		return false
	}
	switch level {
	case pipeline.Frame:
		b.pacer.Reach(level, r.frame, t)
	case pipeline.Row:
		b.pacer.Reach(level, int64(r.y), t)
	default:
		if b.pace == 0 || r.x%b.pace != 0 {
			return false
		}
		b.pacer.Reach(level, int64(r.x), t)
	}
	return true
}

// seek works out the pixel's addresses.
func (r *reader) seek(n *sched.Reads) {
	r.base = r.start + n.Row[r.y] + n.Col[r.x]
	r.after = r.start + n.PixelAfter(r.y, r.x)
}

// Stages returns the accounts of the writing and the reading side.
func (b *Buffer) Stages() []*pipeline.Stage {
	return []*pipeline.Stage{&b.write.stage, &b.read.stage}
}

// Close names the last waits.
func (b *Buffer) Close(total pipeline.Cycle) {
	if w := &b.write; w.next < b.frames*b.reads.FrameBeats() {
		until := total
		if o, ok := b.in.Head(); ok {
			until = o
		}
		w.stage.Wait(pipeline.Starved, until)
		w.stage.Wait(pipeline.Blocked, total)
	}
	if r := &b.read; r.frame < b.frames {
		until := total
		if beat := r.base + int64(b.reads.Inner[r.i]); beat < b.write.next {
			until = b.arrival[(beat-b.shifted)&b.mask] + 1
		}
		r.stage.Wait(pipeline.Starved, until)
		r.stage.Wait(pipeline.Blocked, total)
	}
}

// Waiting says what the buffer waits for.
func (b *Buffer) Waiting() pipeline.Wait {
	switch {
	case b.read.done == b.read.limit && b.write.next == b.write.limit:
		return pipeline.Wait{Cause: pipeline.Finished}
	case !b.out.Free():
		return pipeline.Wait{Cause: pipeline.Blocked, Edge: b.out}
	}
	if _, offered := b.in.Head(); offered && b.write.next < b.write.limit {
		return pipeline.Wait{Cause: pipeline.Blocked}
	}
	return pipeline.Wait{Cause: pipeline.Starved, Edge: b.in}
}
