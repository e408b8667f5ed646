package linebuffer

import (
	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline"
)

// PadSpec is the geometry of a zero padding stage, in pixels; a pixel takes
// Beats beats.
type PadSpec struct {
	Height, Width int // of the image
	Sides         conv.Sides
	Beats         int64
	Frames        int64
	Units         pipeline.Units // padded beats per unit of the driving window
}

// Pad is FINN's zero padding stage: a skid register on the input side and an
// output register. It walks the padded raster; inside the image a beat is
// consumed, elsewhere zeros are made. Frames follow each other seamlessly.
type Pad struct {
	stage   pipeline.Stage
	in, out *pipeline.Edge
	units   pipeline.Units

	row, rows     int64 // beats per padded row; padded rows
	left, right   int64 // beats of a row that are image: [left, right)
	top, bottom   int64 // rows that are image: [top, bottom)
	limit, frames int64 // padded beats to make; frames

	pos, y, x int64 // padded beats made; the position in the frame: row, beat in row
	accepted  int64 // image beats taken from the input
	allowed   int64 // image beats that may be taken
	held      bool  // one is taken and not yet moved on
	heldAt    pipeline.Cycle
	moved     pipeline.Cycle // when the last image beat moved on
}

// NewPad adds a zero padding stage to g.
func NewPad(g *pipeline.Graph, in, out *pipeline.Edge, s PadSpec) *Pad {
	b := s.Beats
	p := &Pad{stage: pipeline.NewStage("pad", in.Name(), out.Name()), in: in, out: out, units: s.Units,
		row: int64(s.Sides.Left+s.Width+s.Sides.Right) * b, rows: int64(s.Sides.Top + s.Height + s.Sides.Bottom),
		left: int64(s.Sides.Left) * b, right: int64(s.Sides.Left+s.Width) * b,
		top: int64(s.Sides.Top), bottom: int64(s.Sides.Top + s.Height), frames: s.Frames, moved: -1}
	p.Unlimit()
	g.Add(p, []*pipeline.Edge{in}, []*pipeline.Edge{out})
	return p
}

// Limit holds the stage back after n padded beats of the last frame.
func (p *Pad) Limit(n int64) {
	p.limit = (p.frames-1)*p.row*p.rows + n
	p.allowed = p.before(p.limit)
}

// Unlimit lets all beats go.
func (p *Pad) Unlimit() {
	p.limit = p.frames * p.row * p.rows
	p.allowed = p.before(p.limit)
}

// ImageBeats is how many image beats the first n padded beats of a frame hold.
func (p *Pad) ImageBeats(n int64) int64 { return p.before(n) }

// before counts the image beats among the first pos padded beats of the run.
func (p *Pad) before(pos int64) int64 {
	frame, at := pos/(p.row*p.rows), pos%(p.row*p.rows)
	y, x := at/p.row, at%p.row
	image := p.right - p.left
	n := frame*image*(p.bottom-p.top) + min(max(y-p.top, 0), p.bottom-p.top)*image
	if y >= p.top && y < p.bottom {
		n += min(max(x-p.left, 0), image)
	}
	return n
}

func (p *Pad) image() bool {
	return p.x >= p.left && p.x < p.right && p.y >= p.top && p.y < p.bottom
}

// accept takes a beat into the skid register as soon as that is empty.
func (p *Pad) accept() {
	if p.held || p.accepted == p.allowed {
		return
	}
	o, ok := p.in.Head()
	if !ok {
		return
	}
	at := max(o, p.moved+1)
	if at >= p.stage.Horizon() {
		return
	}
	p.in.Take(at)
	p.held, p.heldAt = true, at
	p.accepted++
}

// Advance moves every beat whose time is known.
func (p *Pad) Advance() {
	for {
		p.accept()
		if p.pos == p.limit || !p.out.Free() {
			break
		}
		t := max(p.stage.Last()+1, p.out.LastSent())
		image := p.image()
		if image {
			if !p.held {
				return
			}
			t = max(t, p.heldAt)
		}
		if t >= p.stage.Horizon() {
			return
		}
		if image {
			p.stage.Wait(pipeline.Starved, p.heldAt)
			p.held, p.moved = false, t
		}
		p.stage.Wait(pipeline.Blocked, t)
		p.stage.Event(t)
		p.out.Offer(t + 1)
		p.step()
	}
	if p.pos == p.frames*p.row*p.rows {
		p.stage.Finish()
	}
}

func (p *Pad) step() {
	p.pos++
	if p.x++; p.x == p.row {
		p.x = 0
		if p.y++; p.y == p.rows {
			p.y = 0
		}
	}
}

// Stages returns the stage's account.
func (p *Pad) Stages() []*pipeline.Stage { return []*pipeline.Stage{&p.stage} }

// Close names the last wait.
func (p *Pad) Close(total pipeline.Cycle) {
	if p.pos == p.frames*p.row*p.rows {
		return
	}
	if p.image() {
		until := total
		if p.held {
			until = p.heldAt
		} else if o, ok := p.in.Head(); ok {
			until = max(o, p.moved+1)
		}
		p.stage.Wait(pipeline.Starved, until)
	}
	p.stage.Wait(pipeline.Blocked, total)
}

// Waiting says what the stage waits for.
func (p *Pad) Waiting() pipeline.Wait {
	switch {
	case p.pos == p.limit:
		return pipeline.Wait{Cause: pipeline.Finished}
	case !p.out.Free():
		return pipeline.Wait{Cause: pipeline.Blocked, Edge: p.out}
	}
	return pipeline.Wait{Cause: pipeline.Starved, Edge: p.in}
}

// State describes the stage, and apart from it what it does with its input:
// while it makes zeros, that stands still. A beat held is the last its input edge
// gave.
func (p *Pad) State(s *pipeline.State) {
	back, ahead := p.alike(s.Level())
	s.Section(p.pos, p.units, back, ahead)
	s.Exact(p.stage.Last())
	s.Section(p.before(p.pos), p.in.Units(), back, ahead)
	s.Exact(p.moved)
	s.Flag(p.held)
}

// alike is for how many beats before and after now the raster looks the same:
// rows of the image are alike, and so are the pixels of any row
// within the image's columns.
func (p *Pad) alike(level pipeline.Level) (back, ahead int64) {
	ahead = p.limit - p.pos
	switch level {
	case pipeline.Row:
		at := p.y*p.row + p.x
		return at - p.top*p.row, min(p.bottom*p.row-at, ahead)
	case pipeline.Pixel:
		return p.x - p.left, min(p.right-p.x, ahead)
	}
	return p.pos, ahead
}

// Skip jumps ahead.
func (p *Pad) Skip(k *pipeline.Skip) {
	behind := p.before(p.pos) - p.accepted
	if k.Section() {
		p.pos += k.Beats(p.units)
		at := p.pos % (p.row * p.rows)
		p.y, p.x = at/p.row, at%p.row
		p.stage.Shift(k)
	}
	if k.Section() {
		p.accepted = p.before(p.pos) - behind
		p.heldAt += k.Time
		p.moved += k.Time
	}
}
