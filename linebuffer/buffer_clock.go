package linebuffer

import (
	"math/bits"
	"slices"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// buffer is an addressable cyclic memory in time: one write and one read port,
// the read port with an output register. Beats are read as the nest of
// sched.Reads says. Beat j takes the place of beat j-depth, one cycle after that
// one's last read at the earliest. Unless overlap, a frame enters only when the
// one before has left whole.
type buffer struct {
	write   writer
	read    reader
	in, out *clock.Edge
	reads   *sched.Reads
	depth   int64
	overlap bool
	frames  int64
	all     int64 // beats to write, of all frames
	pace    clock.Level
	loops                  // at whose ends the state may be compared
	own     loops          // the same unless they are left out
	filled  bool           // stopped at such a boundary
	held    bool           // at a boundary
	stopped clock.Progress // the boundary at which Receive stopped, until it is reported
	linear  bool           // the vectors of a row count from its start, whatever their pixel
	widest  int64          // the largest inner offset
	slack   clock.Cycle    // by how much the newest beat of a pixel may come after its first read is made
	whole   bool           // one window shows the whole frame

	arrival []clock.Cycle // when beats arrived, by (beat - shifted) & mask
	mask    int64
	shifted int64
	free    frees
}

// loops are those within a row at whose ends a boundary is reported.
type loops struct {
	drives  bool  // there are such
	pixels  int   // ends of pixels are reported every so many, 0 for never
	vectors int   // inner steps between the ends of vectors that are reported, 0 for never
	half    int   // inner steps that are made in a row at most then: beats come in between, see alikeWriting
	fills   int64 // beats between the boundaries reported while the reader waits for one, 0 for never
}

// writer is the line buffer's side that fills.
type writer struct {
	account  clock.Account
	next     int64 // the beat to write next, over all frames
	frameEnd int64 // beats up to which writing is open
}

// reader is the window's side that empties.
type reader struct {
	account clock.Account
	done    int64 // reads made, over all frames
	frame   int64
	y, x    int
	i       int
	seen    int64 // beats written when the newest read was made
	start   int64 // first beat of the frame
	row     int64 // beat of inner offset 0 at the first column of the row
	below   int64 // smallest beat that later rows read
	base    int64 // beat of inner offset 0 at this pixel
	after   int64 // smallest beat that later pixels read
	sure    int   // reads of the pixel up to here can follow one another, one a cycle
}

// Process makes the stage.
func (p AddressedPad) Process(at clock.Ports) clock.Process {
	reads := p.Fold.PadReads()
	return newBuffer(at, "pad.buffer", "pad", reads, reads.Depth(), p.Overlap)
}

// AppendKey appends what decides the nest.
func (p AddressedPad) AppendKey(dst []byte) []byte { return appendNest(dst, p.Fold, 0, p.Overlap) }

// Process makes the line buffer and the window.
func (w Window) Process(at clock.Ports) clock.Process {
	return newBuffer(at, "linebuffer", "window", w.Fold.WindowReads(), w.Depth, w.Overlap)
}

// AppendKey appends what decides the nest, and the depth.
func (w Window) AppendKey(dst []byte) []byte { return appendNest(dst, w.Fold, w.Depth, w.Overlap) }

// appendNest appends all that decides the reads of a layer's buffers.
func appendNest(dst []byte, f sched.Fold, depth int64, overlap bool) []byte {
	s := f.Shape
	dst = clock.AppendInts(dst, int64(s.InHeight), int64(s.InWidth), int64(s.OutHeight), int64(s.OutWidth),
		int64(s.Kernel.H), int64(s.Kernel.W), int64(s.Stride.H), int64(s.Stride.W), int64(s.Dilation.H), int64(s.Dilation.W))
	dst = clock.AppendInts(dst, int64(s.Pad.Top), int64(s.Pad.Bottom), int64(s.Pad.Left), int64(s.Pad.Right),
		int64(s.PaddingMode), int64(f.GroupFolds), int64(f.ChannelFolds), depth)
	return clock.AppendFlag(dst, overlap)
}

// Overlapped is the stage of overlapping frames.
func (p AddressedPad) Overlapped() (clock.Timed, bool) {
	already := p.Overlap
	p.Overlap = true
	return p, already
}

// Overlapped is the window of overlapping frames.
func (w Window) Overlapped() (clock.Timed, bool) {
	already := w.Overlap
	w.Overlap = true
	return w, already
}

func newBuffer(at clock.Ports, writeName, readName string, reads *sched.Reads, depth int64, overlap bool) *buffer {
	held := min(depth, at.Frames*reads.FrameBeats()) // a deeper buffer has no more to hold
	size := int64(1) << bits.Len64(uint64(held))
	in, out := at.In[0], at.Out[0]
	write, read := at.Stage(writeName), at.Stage(readName)
	b := &buffer{in: in, out: out, reads: reads, depth: depth, overlap: overlap, frames: at.Frames, all: at.Frames * reads.FrameBeats(), pace: at.Pace,
		arrival: clock.Take[clock.Cycle](at.Work, size), mask: size - 1, free: frees{work: at.Work}}
	b.write = writer{account: clock.NewAccount(write, in.Name(), read), frameEnd: reads.FrameBeats()}
	b.read = reader{account: clock.NewAccount(read, write, out.Name())}
	if overlap {
		b.write.frameEnd = at.Frames * reads.FrameBeats()
	}
	b.read.seek(b.reads)
	if b.drives = b.pace.Stops(clock.Pixel); b.drives {
		b.pixels = turns(pixelBeats, len(reads.Inner), len(reads.Col))
		b.fills = int64(turns(fillBeats, 1, int(min(reads.FrameBeats(), 1<<30)/int64(len(reads.Row)))))
	}
	if b.pace.Stops(clock.Vector) {
		loop := len(reads.Inner) / reads.Vector()
		if b.linear = reads.Linear(); b.linear {
			loop *= len(reads.Col)
		}
		b.vectors = reads.Vector() * turns(vectorBeats, reads.Vector(), loop)
		if b.half = b.vectors / 2; b.half%reads.Vector() != 0 {
			b.half = b.vectors
		}
	}
	b.own = b.loops
	b.widest = int64(slices.Max(reads.Inner))
	b.slack = clock.Never
	for i, off := range reads.Inner {
		b.slack = min(b.slack, clock.Cycle(int64(i)+b.widest-int64(off)))
	}
	b.whole = reads.Steps() == int64(len(reads.Inner))
	return b
}

// How many beats between two boundaries make comparing states cheap against moving
// the beats: those of a pixel move through all stages, those of its vectors in rows,
// and those that fill the buffer move through some.
const (
	pixelBeats  = 8
	vectorBeats = 128
	fillBeats   = 64
)

// turns is how many turns of a loop make so many beats and are worth a boundary, each
// so long, 0 when the loop has too few of them for that. Powers of two agree with the
// periods of more patterns.
func turns(beats, each, loop int) int {
	n := 1 << bits.Len(uint((beats-1)/each))
	if n > loop/4 {
		return 0
	}
	return n
}

// Advance moves every beat whose time is known.
func (b *buffer) Advance() clock.Progress {
	b.filled = false
	if at := b.stopped; at.Level != clock.None {
		b.stopped = clock.Progress{}
		return at
	}
	for {
		if b.fill(b.fills, false); b.filled {
			return clock.Progress{Level: clock.Pixel, At: b.write.account.Last()}
		}
		more, reached := b.fetch()
		if !more || reached.Level != clock.None {
			return reached
		}
	}
}

// Fill writes what can be written, unless a boundary of writing is reported.
func (b *buffer) Fill() bool { return !b.filled && b.fill(0, true) }

// fill writes beats into the buffer, up to the next boundary if there are some every
// so many beats while the reader waits. When writing is to stop where it may repeat itself
// alone, it reports that it has.
func (b *buffer) fill(boundary int64, alone bool) bool {
	w := &b.write
	for w.next < b.all {
		o, ok := b.in.Head()
		if !ok {
			return false
		}
		t, ok := b.Accepts(b.in, o)
		if !ok || w.account.Beyond(t) {
			return false
		}
		b.in.Take(t)
		b.wrote(o, t)
		if boundary > 0 && w.next%boundary == 0 && b.starved() {
			b.filled = true
			return false
		}
		if alone && w.next%sideBeats == 0 && b.roomy() {
			return true
		}
	}
	if w.next == b.all {
		w.account.Finish()
	}
	return false
}

// wrote notes that the beat offered from cycle o on is written in cycle t.
func (b *buffer) wrote(o, t clock.Cycle) {
	w := &b.write
	if w.next == w.frameEnd {
		w.account.Wait(clock.Starved, o)
		w.account.Wait(clock.Turnaround, b.turned()+1)
		w.frameEnd += b.reads.FrameBeats()
	}
	w.account.Moved(o, t)
	b.arrival[(w.next-b.shifted)&b.mask] = t
	w.next++
	if w.next == w.frameEnd {
		b.free.reset(w.next) // nothing is written before the frame has left: no step is waited for
	}
}

// Accepts finds when the beat to write next has a place. The first one of a frame
// has when the frame before has left whole: its last beat is in and its last read
// has been taken.
func (b *buffer) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	w := &b.write
	if w.next == w.frameEnd {
		return max(t, b.turned()+1), b.gone()
	}
	room, ok := b.free.cover(w.next - b.depth)
	return max(t, w.account.Last()+1, room), ok
}

// gone reports whether the frame before the one to write next has left whole.
func (b *buffer) gone() bool { return b.read.start == b.write.frameEnd && b.out.Free() }

// turned is when the frame before left whole, once it has.
func (b *buffer) turned() clock.Cycle { return max(b.out.LastSent(), b.write.account.Last()) }

// fetch reads one beat if it can, or more that follow it one a cycle, and reports so, and
// the boundary it reached.
func (b *buffer) fetch() (more bool, reached clock.Progress) {
	r := &b.read
	if !b.out.Open() {
		return false, reached
	}
	beat := r.base + int64(b.reads.Inner[r.i])
	if beat >= b.write.next {
		return false, reached
	}
	arrived := b.arrived(beat) + 1
	t := max(r.account.Last()+1, arrived, b.out.LastSent())
	if r.account.Beyond(t) {
		return false, reached
	}
	r.account.Moved(arrived, t)
	r.seen = b.write.next
	left := len(b.reads.Inner) - r.i
	if b.vectors > 0 {
		left = min(left, b.half-b.step()%b.half)
	}
	if newest := r.base + b.widest; newest >= b.write.next || b.arrived(newest) >= t+max(0, b.slack-clock.Cycle(r.i)) {
		left = b.readable(t, left)
	}
	n := b.out.OfferRow(t+1, min(int64(left), int64(r.account.Horizon()-t)))
	if n == 0 {
		b.out.Offer(t + 1)
		n = 1
	}
	return true, b.fetched(t, int(n))
}

// step counts the steps up to the reader's place, of the pixel or of the row.
func (b *buffer) step() int {
	if b.linear {
		return b.read.x*len(b.reads.Inner) + b.read.i
	}
	return b.read.i
}

// nextPixel moves the reader on and returns the boundary it reached in cycle t.
func (b *buffer) nextPixel(t clock.Cycle) clock.Progress {
	r := &b.read
	r.i, r.sure = 0, 0
	level := clock.Pixel
	if r.x++; r.x < len(b.reads.Col) {
		r.along(b.reads)
	} else {
		r.x = 0
		level = clock.Row
		if r.y++; r.y == len(b.reads.Row) {
			r.y = 0
			level = clock.Frame
			r.frame++
			r.start += b.reads.FrameBeats()
			if r.frame == b.frames {
				r.account.Finish()
			}
		}
		r.seek(b.reads)
	}
	if b.linear && level == clock.Pixel {
		if b.vectors > 0 && b.step()%b.vectors == 0 {
			return clock.Progress{Level: clock.Vector, At: t}
		}
		return clock.Progress{}
	}
	if !b.pace.Stops(level) || level < clock.Row && (b.pixels == 0 || r.x%b.pixels != 0) {
		return clock.Progress{}
	}
	return clock.Progress{Level: level, At: t}
}

// seek works out the addresses of row and pixel.
func (r *reader) seek(n *sched.Reads) {
	r.row, r.below = r.start+n.Row[r.y], r.start+n.RowAfter(r.y)
	r.along(n)
}

// along works out the addresses of a pixel of the row.
func (r *reader) along(n *sched.Reads) {
	first, after := n.Column(r.x)
	r.base, r.after = r.row+first, min(r.row+after, r.below)
}

// Accounts returns the accounts of the writing and the reading side.
func (b *buffer) Accounts() []*clock.Account {
	return []*clock.Account{&b.write.account, &b.read.account}
}

// Close names the last waits.
func (b *buffer) Close(total clock.Cycle) {
	if w := &b.write; w.next < b.all {
		until := total
		if o, ok := b.in.Head(); ok {
			until = o
		}
		if w.next == w.frameEnd { // the frame before stays
			w.account.Wait(clock.Starved, until)
			w.account.Wait(clock.Turnaround, total)
		}
		w.account.Waits(until, total)
	}
	if r := &b.read; r.frame < b.frames {
		until := total
		if beat := r.base + int64(b.reads.Inner[r.i]); beat < b.write.next {
			until = b.arrival[(beat-b.shifted)&b.mask] + 1
		}
		r.account.Waits(until, total)
	}
}

// Waiting says what the buffer waits for.
func (b *buffer) Waiting() clock.Wait {
	switch {
	case b.read.frame == b.frames && b.write.next == b.all || b.out.Done():
		return clock.Wait{Cause: clock.Finished}
	case !b.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: b.out}
	}
	if _, offered := b.in.Head(); offered && b.write.next < b.all {
		return clock.Wait{Cause: clock.Blocked}
	}
	return clock.Wait{Cause: clock.Starved, Edge: b.in}
}

// Release gives the buffer's memories back after the run.
func (b *buffer) Release(w *clock.Workspace) {
	clock.Keep(w, b.arrival)
	b.arrival = nil
	b.free.release()
}
