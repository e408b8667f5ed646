package pipeline

// batch is a process for tests: it takes n beats, one per cycle, before it
// hands out the first of them, and takes no more until all have left. A path
// with a batch is what makes reconvergent streams deadlock.
type batch struct {
	stage   Stage
	in, out *Edge
	n       int64
	taken   int64 // of this batch
	given   int64
	offered bool
	since   Cycle
	left    int64 // beats to hand out in all
}

func newBatch(g *Graph, name string, in, out *Edge, n, beats int64) *batch {
	b := &batch{stage: NewStage(name, in.name, out.name), in: in, out: out, n: n, left: beats}
	g.Add(b, []*Edge{in}, []*Edge{out})
	return b
}

func (b *batch) Stages() []*Stage { return []*Stage{&b.stage} }
func (b *batch) Unlimit()         {}
func (b *batch) Close(Cycle)      {}

func (b *batch) Advance() {
	for b.left > 0 {
		if b.taken < b.n {
			o, ok := b.in.Head()
			if !ok {
				return
			}
			t := max(o, b.stage.last+1)
			b.in.Take(t)
			b.stage.Wait(Starved, t)
			b.stage.Event(t)
			b.taken++
			continue
		}
		if !b.offered {
			b.since, b.offered = b.stage.last+1, true
			b.out.Offer(b.since)
		}
		if !b.out.Free() {
			return
		}
		t := b.out.LastSent()
		b.stage.Wait(Blocked, t)
		b.stage.Event(t)
		b.offered = false
		b.left--
		if b.given++; b.given == b.n {
			b.taken, b.given = 0, 0
		}
	}
	b.stage.Finish()
}

func (b *batch) Waiting() Wait {
	switch {
	case b.left == 0:
		return Wait{Cause: Finished}
	case b.offered:
		return Wait{Cause: Blocked, Edge: b.out}
	}
	return Wait{Cause: Starved, Edge: b.in}
}

func (b *batch) State(st *State) {
	st.Never()
	st.Section(b.left, Units{}, 0, 0)
}

func (b *batch) Skip(k *Skip) { k.Section() }
