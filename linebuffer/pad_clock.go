package linebuffer

import "github.com/convsim/convsim/pipeline/clock"

// padder is the padding stage in time: a skid register on the input side and an
// output register. Inside the image a beat is consumed, elsewhere zeros are
// made. Frames follow each other seamlessly.
type padder struct {
	account clock.Account
	in, out *clock.Edge
	raster
	end int64 // padded beats of the run

	pos, y, x int64 // padded beats made; the position in the frame: row, beat in row
	shows     bool  // an image beat comes next
	till      int64 // and so on up to here in the row, or zeros
	accepted  int64 // image beats taken from the input
	held      bool  // one is taken and not yet moved on
	heldAt    clock.Cycle
	moved     clock.Cycle // when the last image beat moved on
}

// Process makes the stage.
func (p Pad) Process(at clock.Ports) clock.Process {
	return newPadder(at, "pad", p.raster())
}

func newPadder(at clock.Ports, name string, r raster) *padder {
	in, out := at.In[0], at.Out[0]
	p := &padder{account: clock.NewAccount(at.Stage(name), in.Name(), out.Name()), in: in, out: out, raster: r,
		end: at.Frames * r.frame(), moved: -1}
	p.place(0, 0)
	return p
}

// AppendKey appends the raster.
func (p Pad) AppendKey(dst []byte) []byte {
	r := p.raster()
	return clock.AppendInts(dst, r.row, r.rows, r.left, r.right, r.top, r.bottom)
}

// place goes to a position in the frame.
func (p *padder) place(y, x int64) {
	p.y, p.x = y, x
	switch {
	case p.every > 0:
		p.shows, p.till = y%p.every == 0 && x%p.gap < p.pixel, x+1
	case y < p.top || y >= p.bottom || x >= p.right:
		p.shows, p.till = false, p.row
	case x < p.left:
		p.shows, p.till = false, p.left
	default:
		p.shows, p.till = true, p.right
	}
}

// accept takes a beat into the skid register as soon as that is empty.
func (p *padder) accept() {
	if p.held {
		return
	}
	o, ok := p.in.Head()
	if !ok {
		return
	}
	at := max(o, p.moved+1)
	if p.account.Beyond(at) {
		return
	}
	p.in.Take(at)
	p.held, p.heldAt = true, at
	p.accepted++
}

// Receive takes a beat into the skid register, and moves on what it can.
func (p *padder) Receive(o clock.Cycle) (clock.Cycle, bool) {
	at := max(o, p.moved+1)
	if p.held || p.account.Beyond(at) {
		return 0, false
	}
	p.held, p.heldAt = true, at
	p.accepted++
	for p.make(at) && (p.held || !p.shows) {
	}
	if p.pos == p.end {
		p.account.Finish()
	}
	return at, true
}

// Takes says how many beats of a row of the image go on as they come.
func (p *padder) Takes(_ *clock.Edge, t clock.Cycle, n int64) (first clock.Cycle, beats int64) {
	if p.held || !p.shows || !p.out.Open() || t <= max(p.moved, p.account.Last()) || t < p.out.LastSent() {
		return 0, 0
	}
	return t, p.out.Passes(t+1, min(n, p.till-p.x, int64(p.account.Horizon()-t)))
}

// Took moves them on.
func (p *padder) Took(_ *clock.Edge, first clock.Cycle, n int64) {
	p.accepted += n
	p.heldAt = first + clock.Cycle(n-1)
	p.moved = p.heldAt
	p.account.Row(first, n)
	p.pos += n
	if p.x += n; p.x == p.till {
		p.turn()
	}
	p.out.PassRow(first+1, n)
	for !p.shows && p.make(0) {
	}
	if p.pos == p.end {
		p.account.Finish()
	}
}

// Accepts finds when the skid register is empty.
func (p *padder) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, p.moved+1), !p.held
}

// Advance moves every beat whose time is known.
func (p *padder) Advance() clock.Progress {
	for {
		p.accept()
		if !p.make(p.heldAt) {
			break
		}
	}
	if p.pos == p.end {
		p.account.Finish()
	}
	return clock.Progress{}
}

// make makes the next padded beat, if its time is known; an image beat is held from cycle
// held on.
func (p *padder) make(held clock.Cycle) bool {
	image := p.shows
	if image && !p.held || !p.out.Open() {
		return false
	}
	if !image && p.out.Rows() && p.makeZeros() {
		return true
	}
	t, since := max(p.account.Last()+1, p.out.LastSent()), clock.Cycle(0)
	if image {
		t, since = max(t, held), held
	}
	if p.account.Beyond(t) {
		return false
	}
	if image {
		p.held, p.moved = false, t
	}
	p.account.Moved(since, t)
	p.step()
	p.out.Offer(t + 1)
	return true
}

// leastRow is how many zeros make a row worth looking.
const leastRow = 32

// makeZeros makes a row of zeros, one a cycle, as far as they are taken so, and reports whether it has.
func (p *padder) makeZeros() bool {
	if p.every > 0 {
		return false
	}
	_, end := p.zeros(p.y*p.row + p.x)
	n := end - (p.y*p.row + p.x)
	if n < leastRow {
		return false
	}
	t := max(p.account.Last()+1, p.out.LastSent())
	if n = p.out.OfferRow(t+1, min(n, int64(p.account.Horizon()-t))); n == 0 {
		return false
	}
	p.account.Moved(0, t)
	p.account.Events(n-1, t+clock.Cycle(n-1))
	p.pos += n
	p.place((p.y+(p.x+n)/p.row)%p.rows, (p.x+n)%p.row)
	return true
}

func (p *padder) step() {
	p.pos++
	if p.x++; p.x == p.till {
		p.turn()
	}
}

// turn goes on where what is shown changes, or to the next row.
func (p *padder) turn() {
	y, x := p.y, p.x
	if x == p.row {
		x = 0
		if y++; y == p.rows {
			y = 0
		}
	}
	p.place(y, x)
}

// Accounts returns the stage's account.
func (p *padder) Accounts() []*clock.Account { return []*clock.Account{&p.account} }

// Close names the last wait.
func (p *padder) Close(total clock.Cycle) {
	if p.pos == p.end {
		return
	}
	if p.shows {
		until := total
		if p.held {
			until = p.heldAt
		} else if o, ok := p.in.Head(); ok {
			until = max(o, p.moved+1)
		}
		p.account.Wait(clock.Starved, until)
	}
	p.account.Wait(clock.Blocked, total)
}

// Waiting says what the stage waits for.
func (p *padder) Waiting() clock.Wait {
	return clock.WaitOf(p.pos == p.end || p.out.Done(), !p.out.Free(), p.in, p.out)
}

// Registers shows the stage, and apart from it what it does with its input:
// while it makes zeros, that stands still. A beat held is the last its input
// edge gave.
func (p *padder) Registers(v *clock.Registers) {
	taken := p.before(p.pos)
	behind := taken - p.accepted
	v.Section(p.pos)
	if v.Moving() {
		p.pos += v.Beats()
		at := p.pos % p.frame()
		p.place(at/p.row, at%p.row)
		v.MoveAccount(&p.account)
	}
	v.Exact(p.account.Last())
	v.Section(taken)
	if v.Moving() {
		p.accepted = p.before(p.pos) - behind
		v.Move(&p.heldAt, &p.moved)
	}
	v.Exact(p.moved)
	v.Flag(p.held)
}

// Alike says for how long the raster looks the same: frames do, rows of the
// image do, and so do the pixels of any row within the image's columns, and all
// zeros between two pixels of the image. What the input does follows.
func (p *padder) Alike(section int, _, shift int64) int64 {
	at := p.y*p.row + p.x
	if p.every > 0 {
		return p.alikeSpread(section, at, shift)
	}
	first, end := p.zeros(at)
	switch {
	case section == 1 || shift%p.frame() == 0:
		return clock.Unlimited
	case at-shift >= first && at < end:
	case shift%p.row == 0:
		first, end = p.top*p.row, p.bottom*p.row
	default:
		first, end = p.y*p.row+p.left, p.y*p.row+p.right
	}
	if at-first < shift {
		return 0
	}
	return max(0, end-at) / shift
}

// alikeSpread is Alike of an image spread out: all rows of the image and those up to
// the next one are alike, and so are all pixels and what is up to the next one.
func (p *padder) alikeSpread(section int, at, shift int64) int64 {
	first, end := int64(0), p.frame()
	switch {
	case section == 1 || shift%p.frame() == 0:
		return clock.Unlimited
	case shift%(p.row*p.every) == 0:
	case shift%p.gap == 0:
		first, end = p.y*p.row, (p.y+1)*p.row
	default:
		return 0
	}
	if at-first < shift {
		return 0
	}
	return max(0, end-at) / shift
}

// zeros is the stretch of zeros around a place in the frame, an empty one at a
// pixel of the image.
func (p *padder) zeros(at int64) (first, end int64) {
	y, x := at/p.row, at%p.row
	before, behind := p.top*p.row+p.left, (p.bottom-1)*p.row+p.right // the image, in the raster
	switch {
	case at < before:
		return 0, before
	case at >= behind:
		return behind, p.frame()
	case x < p.left:
		return (y-1)*p.row + p.right, y*p.row + p.left
	case x >= p.right:
		return y*p.row + p.right, (y+1)*p.row + p.left
	}
	return at, at
}
