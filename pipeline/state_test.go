package pipeline_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/sim"
)

// followed are the fields that change during a run and that the state leaves
// out, each with what it follows from.
var followed = map[string]string{
	"Edge.sent":               "beats offered and taken, and the depth",
	"Source.log.at":           "beats done",
	"Sink.log.at":             "beats done",
	"Pad.x":                   "the position",
	"Pad.y":                   "the position",
	"Buffer.write.frameEnd":   "beats written: the next frame opens when its first one is",
	"Buffer.free.head":        "nothing: where a ring starts",
	"Buffer.read.x":           "reads done",
	"Buffer.read.y":           "reads done",
	"Buffer.read.base":        "reads done",
	"ShiftWindow.x":           "windows handed over, by the edge",
	"ShiftWindow.y":           "windows handed over, by the edge",
	"Array.lock.emitted":      "beats offered, by the edge",
	"Array.replay.freed":      "beats computed",
	"Edge.occupied":           "a maximum: what a skipped period holds at most has been seen",
	"Source.stage.last":       "when the last beat left, by the edge",
	"Source.offer":            "what the edge says of the beat on offer",
	"Source.log.newest":       "stage.last",
	"Sink.stage.last":         "when the last beat was taken, by the edge",
	"Sink.log.newest":         "stage.last",
	"Register.stage.last":     "when the last beat was taken, by the edge",
	"Fork.stage.last":         "when the last beat was taken, by the edge",
	"Fork.start":              "when the beat was offered and the one before taken, by the edge",
	"Join.stage.last":         "when the last beats were taken, by the edges",
	"Join.start":              "when the beats were offered, by the edges",
	"Pad.accepted":            "the position, and whether a beat is held",
	"Pad.heldAt":              "when the last beat was taken, by the edge",
	"Buffer.write.stage.last": "when the last beat was taken, by the edge",
	"Buffer.write.stage.done": "beats written, all",
	"Buffer.read.stage.done":  "reads done, all",
	"Buffer.free.now.at":      "not after the cycle behind the last write",
	"Buffer.read.frame":       "reads done",
	"Buffer.read.start":       "reads done",
	"Buffer.read.after":       "reads done",
	"ShiftWindow.write.last":  "when the last beat was taken, by the edge",
	"ShiftWindow.read.last":   "when the last window left, by the edge",
	"Array.replay.lastIn":     "when the last beat was taken, by the edge",
	"Array.lock.sure":         "worked out anew before it is used",
}

// repeats is a design in which something recurs.
type repeats struct {
	name  string
	build func() (*pipeline.Graph, error)
}

func (d repeats) graph(t *testing.T) *pipeline.Graph {
	t.Helper()
	g, err := d.build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// layer is a 3x3 convolution, padded unevenly, on its own hardware.
func layer(t *testing.T, mode conv.PaddingMode, height, width, channels, groups int, a sched.Array, style sched.Style) sim.Timing {
	t.Helper()
	l := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: groups, PaddingMode: mode,
		Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	return sim.Timing{Fold: sched.NewFold(shape, a, style), Frames: 6, FIFOLatency: 2, Rate: conv.Pair{H: 1, W: 1}, Last: true}
}

// recurring lists designs that between them use every process and every field.
func recurring(t *testing.T) []repeats {
	t.Helper()
	var list []repeats
	add := func(name string, d sim.Timing, depth int, overlap bool, source, sink pipeline.Gate) {
		d.FIFODepth, d.Overlap, d.Requantize = depth, overlap, true
		list = append(list, repeats{name, func() (*pipeline.Graph, error) { return d.Build(source, sink) }})
	}
	one, wide := sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Array{PE: 4, SIMD: 4, GroupParallel: 1}
	half := sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}
	every := func(n pipeline.Cycle) pipeline.Gate { return pipeline.Every{N: n} }
	burst, full := pipeline.Burst{On: 5, Off: 13}, pipeline.Always{}
	add("wires", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 0, false, full, full)
	add("slow sink", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 3, false, full, every(5))
	add("slow source", layer(t, conv.Zeros, 16, 20, 2, 1, wide, sched.Serial), 3, false, every(11), full)
	add("bursts, overlap", layer(t, conv.Reflect, 16, 20, 1, 1, wide, sched.Serial), 2, true, burst, every(3))
	add("short frames", layer(t, conv.Reflect, 6, 5, 4, 1, half, sched.Serial), 2, false, full, full)
	add("source slower than a frame", layer(t, conv.Replicate, 6, 5, 1, 1, wide, sched.Serial), 9, false, every(40), full)
	add("parallel, locked", layer(t, conv.Zeros, 20, 24, 2, 1, wide, sched.Parallel), 2, false, full, every(3))
	add("parallel, two beats per pixel", layer(t, conv.Zeros, 20, 24, 4, 1, sched.Array{PE: 4, SIMD: 2, GroupParallel: 1}, sched.Parallel), 1, false, every(2), burst)
	add("parallel, replayed", layer(t, conv.Circular, 12, 9, 4, 1, half, sched.Parallel), 4, true, full, full)
	add("deep FIFOs", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 30, false, every(9), every(12))
	depthwise := layer(t, conv.Zeros, 16, 20, 3, 3, one, sched.Serial)
	depthwise.EdgeDepths = map[string]int{"window.array": 600}
	add("depthwise behind a deep FIFO", depthwise, 0, false, full, full)
	add("wide image", layer(t, conv.Zeros, 6, 300, 4, 1, half, sched.Parallel), 2, false, full, full)
	for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
		list = append(list, repeats{"two branches, " + style.String(), func() (*pipeline.Graph, error) { return branches(t, style) }})
	}
	return list
}

// branches copies a stream to two layers and joins their outputs. What one
// layer waits for then depends on the other.
func branches(t *testing.T, style sched.Style) (*pipeline.Graph, error) {
	a := layer(t, conv.Zeros, 12, 14, 4, 1, sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}, sched.Serial)
	b := layer(t, conv.Zeros, 12, 14, 4, 1, sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}, style)
	a.Frames, b.Frames = 3, 3
	b.Last, b.Name, b.EdgeDepths = false, "b.", map[string]int{"window.array": 3}
	g := pipeline.NewGraph()
	edge := func(name string, u pipeline.Units, depth int) *pipeline.Edge {
		return g.NewEdge(pipeline.EdgeSpec{Name: name, Depth: depth, Latency: 1, Units: u})
	}
	in, inA, inB := edge("in", a.InputUnits(), 0), edge("in a", a.InputUnits(), 300), edge("in b", a.InputUnits(), 300)
	pipeline.NewSource(g, in, pipeline.Always{}, a.Fold.InputBeats(), a.Frames)
	pipeline.NewFork(g, "fork", in, []*pipeline.Edge{inA, inB}, a.Fold.InputBeats()*a.Frames)
	outA, outB, out := edge("out a", a.OutputUnits(), 1), edge("out b", a.OutputUnits(), 0), edge("out", a.OutputUnits(), 0)
	if _, err := a.Add(g, inA, outA); err != nil {
		return nil, err
	}
	if _, err := b.Add(g, inB, outB); err != nil {
		return nil, err
	}
	pipeline.NewJoin(g, "join", []*pipeline.Edge{outA, outB}, out, a.Fold.OutputBeats()*a.Frames, style == sched.Serial)
	pipeline.NewSink(g, out, pipeline.Every{N: 3}, a.Fold.OutputBeats(), a.Frames)
	return g, nil
}

// leaf is a number or flag somewhere in a process or an edge.
type leaf struct {
	part int // which of them
	path string
	at   reflect.Value
}

// leaves lists all of them. Pointers to what is shared or fixed are not
// followed.
func leaves(g *pipeline.Graph) []leaf {
	var out []leaf
	var walk func(part int, path string, v reflect.Value)
	walk = func(part int, path string, v reflect.Value) {
		v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem() // fields of other packages too
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(part, path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(part, path+"[]", v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() && v.Type().Elem().Name() == "replay" {
				walk(part, path, v.Elem())
			}
		case reflect.Bool, reflect.Int, reflect.Int64:
			out = append(out, leaf{part, path, v})
		}
	}
	for i, p := range g.Parts() {
		v := reflect.ValueOf(p).Elem()
		walk(i, v.Type().Name(), v)
	}
	return out
}

// count reports whether the leaf counts something, and is not one of many.
func (l leaf) count() bool {
	return l.at.Kind() != reflect.Bool && l.at.Type() != reflect.TypeFor[pipeline.Cycle]() && !strings.Contains(l.path, "[]")
}

func (l leaf) get() int64 {
	if l.at.Kind() == reflect.Bool {
		if l.at.Bool() {
			return 1
		}
		return 0
	}
	return l.at.Int()
}

func (l leaf) set(v int64) {
	if l.at.Kind() == reflect.Bool {
		l.at.SetBool(v != 0)
		return
	}
	l.at.SetInt(v)
}

func values(all []leaf) []int64 {
	out := make([]int64, len(all))
	for i, l := range all {
		out[i] = l.get()
	}
	return out
}

func restore(all []leaf, to []int64) {
	for i, l := range all {
		l.set(to[i])
	}
}

// changing lists the paths whose values differ between two boundaries of the
// run; everything else is fixed by the design.
func changing(t *testing.T, d repeats) map[string]bool {
	var before []int64
	out := map[string]bool{}
	g := d.graph(t)
	g.Boundaries(func(pipeline.Level, int64) bool {
		all := leaves(g)
		now := values(all)
		for i, v := range now {
			if len(before) == len(now) && v != before[i] {
				out[all[i].path] = true
			}
		}
		before = now
		return true
	})
	return out
}

// TestStateIsComplete alters every number and flag that changes during a run,
// at boundary after boundary: the state must tell, or the field must be listed
// with what it follows from.
func TestStateIsComplete(t *testing.T) {
	t.Parallel()
	changed, seen, missed := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, d := range recurring(t) {
		maps.Copy(changed, changing(t, d))
		n := 0
		g := d.graph(t)
		g.Boundaries(func(pipeline.Level, int64) bool {
			if n++; n%5 == 0 {
				alter(g, changed, seen, missed)
			}
			return n < 200
		})
	}
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		_, listed := followed[path]
		if !seen[path] && !listed {
			t.Errorf("%s changes, the state does not show it, and it is not listed", path)
		}
		if missed[path] {
			t.Errorf("%s: the state does not show it every time", path)
		}
	}
	for path := range followed {
		if !changed[path] {
			t.Errorf("%s is listed, yet it never changes", path)
		}
	}
}

// alter changes one leaf after the other and notes which the state shows.
func alter(g *pipeline.Graph, changed, seen, missed map[string]bool) {
	want := g.Capture()
	all := leaves(g)
	kept := values(all)
	for i, l := range all {
		if _, follows := followed[l.path]; !changed[l.path] || follows || seen[l.path] && !l.count() {
			continue
		}
		l.set(kept[i] ^ 1)
		if !same(g, want) {
			seen[l.path] = true
		} else if l.count() {
			missed[l.path] = true
		}
		restore(all, kept)
	}
}

// TestWhatTheStateLeavesOutDoesNotMatter alters times at a boundary. Where
// the state does not show it, the rest of the run must not either.
func TestWhatTheStateLeavesOutDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			changed := changing(t, d)
			want, err := d.graph(t).Run()
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range []int{4, 13, 33} {
				for _, h := range hidden(stopAt(t, d, at), changed) {
					g := stopAt(t, d, at)
					h.apply(leaves(g))
					got, err := g.Finish()
					if err != nil || !cmp.Equal(want, got) {
						t.Errorf("boundary %d, %s %+d: the state is the same, but not the run (%v)", at, h.path, h.by, err)
					}
				}
			}
		})
	}
}

// alteration moves one time.
type alteration struct {
	path  string
	index int
	by    int64
}

func (a alteration) apply(all []leaf) { all[a.index].set(all[a.index].get() + a.by) }

// stopAt runs a fresh graph to a boundary.
func stopAt(t *testing.T, d repeats, at int) *pipeline.Graph {
	g := d.graph(t)
	g.Boundaries(func(pipeline.Level, int64) bool {
		at--
		return at > 0
	})
	g.Capture() // brings what is compared into its one form
	return g
}

// hidden lists alterations of times that the state does not show, a few of each path.
func hidden(g *pipeline.Graph, changed map[string]bool) []alteration {
	want := g.Capture()
	all := leaves(g)
	kept := values(all)
	var out []alteration
	type place struct {
		part int
		path string
	}
	tried := map[place]int{}
	for i, l := range all {
		if _, follows := followed[l.path]; follows || !changed[l.path] || tried[place{l.part, l.path}] > 3 || l.at.Type() != reflect.TypeFor[pipeline.Cycle]() {
			continue
		}
		for _, by := range []int64{-3, 1} {
			a := alteration{l.path, i, by}
			a.apply(all)
			if same(g, want) {
				out = append(out, a)
				tried[place{l.part, l.path}]++
			}
			restore(all, kept)
		}
	}
	return out
}

// same captures the state again; one that cannot be captured differs.
func same(g *pipeline.Graph, want *pipeline.State) (equal bool) {
	defer func() {
		if recover() != nil {
			equal = false
		}
	}()
	return g.Capture().Same(want)
}

// TestRecurringDesignsForward: whole runs are the same with and without skipping.
func TestRecurringDesignsForward(t *testing.T) {
	t.Parallel()
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			want, err := d.graph(t).Run()
			if err != nil {
				t.Fatal(err)
			}
			g := d.graph(t)
			g.FastForward()
			got, err := g.Run()
			if err != nil {
				t.Fatal(err)
			}
			if got.Skipped == 0 {
				t.Error("nothing was skipped")
			}
			got.Skipped = 0
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-every beat +fast-forward):\n%s", diff)
			}
		})
	}
}

// TestTraceTurnsSkippingOff: a trace wants every handshake.
func TestTraceTurnsSkippingOff(t *testing.T) {
	d := recurring(t)[0]
	want := d.graph(t)
	wantTraces := want.Trace()
	if _, err := want.Run(); err != nil {
		t.Fatal(err)
	}
	g := d.graph(t)
	g.FastForward()
	traces := g.Trace()
	if r, err := g.Run(); err != nil || r.Skipped > 0 {
		t.Fatalf("%v, skipped %d cycles", err, r.Skipped)
	}
	if diff := cmp.Diff(wantTraces, traces); diff != "" {
		t.Errorf("(-every beat +fast-forward):\n%s", diff)
	}
}

// TestSkippingEqualsSimulating skips one period and compares every number with
// a graph that simulated it.
func TestSkippingEqualsSimulating(t *testing.T) {
	t.Parallel()
	levels := map[pipeline.Level]int{}
	for _, d := range recurring(t) {
		t.Run(d.name, func(t *testing.T) {
			n := 0
			for range 12 {
				level, ok := skipOnce(t, d, &n)
				if !ok {
					break
				}
				levels[level]++
			}
			if n == 0 {
				t.Error("nothing recurs")
			}
		})
	}
	for _, l := range []pipeline.Level{pipeline.Pixel, pipeline.Row, pipeline.Frame} {
		if levels[l] == 0 {
			t.Errorf("nothing recurs at level %d", l)
		}
	}
}

// skipOnce finds the first recurrence after boundary number *from, skips it and
// compares.
func skipOnce(t *testing.T, d repeats, from *int) (pipeline.Level, bool) {
	var past [3][]*pipeline.State
	var skipped *pipeline.State
	var found pipeline.Level
	g := d.graph(t)
	n := 0
	g.Boundaries(func(level pipeline.Level, _ int64) bool {
		n++
		for l := range level {
			past[l] = nil
		}
		now := g.Capture()
		if n > *from {
			for _, old := range slices.Backward(past[level]) {
				if g.SkipOne(old, now) {
					g.Later(pipeline.Between(old, now))
					skipped, found = g.Capture(), level
					return false
				}
			}
		}
		past[level] = append(past[level], now)
		return true
	})
	if skipped == nil {
		return 0, false
	}
	*from = n + n/4
	other := d.graph(t)
	var simulated *pipeline.State
	other.Boundaries(func(level pipeline.Level, _ int64) bool {
		now := other.Capture()
		if dt, _ := pipeline.Between(skipped, now); level == found && dt == 0 {
			simulated = now
			return false
		}
		return true
	})
	if simulated == nil {
		t.Fatal("simulating does not reach the boundary that was skipped to")
	}
	if !skipped.Same(simulated) {
		t.Errorf("level %d: the state skipped to differs from the one simulated", found)
	}
	compareLeaves(t, leaves(g), leaves(other))
	return found, true
}

// relative are the fields compared through the state only: rings and positions
// in them, which a skip leaves where they are.
var relative = []string{"Edge.", "Buffer.arrival", "Buffer.shifted", "Buffer.free.", "Array.lock.", "Array.replay."}

func compareLeaves(t *testing.T, skipped, simulated []leaf) {
	t.Helper()
	index := func(all []leaf) map[string][]int64 {
		out := map[string][]int64{}
		for _, l := range all {
			if !slices.ContainsFunc(relative, func(p string) bool { return strings.HasPrefix(l.path, p) }) {
				out[l.path] = append(out[l.path], l.get())
			}
		}
		return out
	}
	want, got := index(simulated), index(skipped)
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(want[path], got[path]) {
			t.Errorf("%s = %v after skipping, %v after simulating", path, fmt.Sprint(got[path]), fmt.Sprint(want[path]))
		}
	}
}
