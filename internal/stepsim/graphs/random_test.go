package graphs

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/stepsim"
)

// limit is more cycles than any design takes.
const limit = 1 << 22

// run builds and runs a design, and tells the deadlock it ends in, if any.
func run(t *testing.T, d Design) (stepsim.Outcome, *stepsim.StuckError) {
	t.Helper()
	g := d.Stepped()
	g.Handshakes = true
	got, err := g.Run(limit)
	stuck := new(stepsim.StuckError)
	if err != nil && (!errors.As(err, &stuck) || !stuck.Deadlock) {
		t.Fatalf("%v\n%+v", err, d)
	}
	if err == nil {
		stuck = nil
	}
	return got, stuck
}

// TestRandomDesignsAreLegal: they run to the end, or to a deadlock, and what an edge is said to carry is what
// it carries.
func TestRandomDesignsAreLegal(t *testing.T) {
	t.Parallel()
	const designs = 400
	seen, deadlocks := map[string]int{}, 0
	for seed := range uint64(designs) {
		d := Random(seed)
		got, stuck := run(t, d)
		if stuck != nil {
			deadlocks++
		}
		for i, e := range d.Edges {
			flow := got.Edges[i]
			if flow.Name != e.Name || flow.In.FrameBeats != e.Stream.Beats() {
				t.Fatalf("seed %d: edge %s of %d beats a frame is %s of %d", seed, e.Name, e.Stream.Beats(), flow.Name, flow.In.FrameBeats)
			}
		}
		for _, p := range got.Stages {
			sum := stepsim.Cycle(0)
			for _, n := range p.Counts {
				sum += n
			}
			if sum != got.Total {
				t.Fatalf("seed %d: %s accounts for %d of %d cycles", seed, p.Name, sum, got.Total)
			}
		}
		for _, n := range d.Nodes {
			seen[kind(n)]++
		}
	}
	t.Logf("%d of %d designs deadlock; nodes: %v", deadlocks, designs, seen)
	if deadlocks < designs/50 || deadlocks > designs/3 {
		t.Errorf("%d of %d designs deadlock, want a few", deadlocks, designs)
	}
	for _, want := range []string{"Layer", "Pool", "stepsim.Fork aon", "stepsim.Fork eager", "stepsim.Fork tap", "stepsim.Join", "stepsim.Eltwise",
		"stepsim.Concat", "stepsim.Split", "stepsim.Dwc", "stepsim.DwcProto", "stepsim.Credits", "stepsim.Requant", "stepsim.Reduce",
		"stepsim.Upsample", "stepsim.ZeroInsert"} {
		if seen[want] < 20 {
			t.Errorf("%d nodes are a %s, want more", seen[want], want)
		}
	}
}

// kind is the type of a node's block, and the style of a fork.
func kind(n Node) string {
	s := strings.TrimPrefix(fmt.Sprintf("%T", n.Block), "graphs.")
	if f, ok := n.Block.(stepsim.Fork); ok {
		s += " " + string(f.Style)
	}
	return s
}

func TestSameSeedSameDesign(t *testing.T) {
	for seed := range uint64(50) {
		a, b := Random(seed), Random(seed)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("seed %d: %+v and %+v", seed, a, b)
		}
		x, _ := run(t, a)
		y, _ := run(t, b)
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("seed %d: two runs differ", seed)
		}
	}
	if reflect.DeepEqual(Random(1), Random(2)) {
		t.Error("seeds 1 and 2 give the same design")
	}
}

// TestAmpleFIFOsNeverDeadlock: with every edge as deep as all that crosses it every design runs to the end,
// and no beat is lost on the way.
func TestAmpleFIFOsNeverDeadlock(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		d := Random(seed)
		for i, e := range d.Edges {
			d.Edges[i].FIFO = stepsim.FIFO{Depth: d.Frames*e.Stream.Beats() + 1}
		}
		got, stuck := run(t, d)
		if stuck != nil {
			t.Fatalf("seed %d: %v\n%+v", seed, stuck, d)
		}
		for _, e := range got.Edges {
			if e.Out.Beats > e.In.Beats || e.In.Beats > int64(d.Frames*e.In.FrameBeats) {
				t.Errorf("seed %d: edge %s: %d of %d beats left, %d are sent", seed, e.Name, e.Out.Beats, e.In.Beats, d.Frames*e.In.FrameBeats)
			}
		}
	}
}

func TestTypicalNetworks(t *testing.T) {
	image := Stream{8, 8, 4, 2}
	for _, build := range []struct {
		name string
		with func(d *drawing, at loose) loose
		want []string // kinds that must be there
	}{
		{"residual", func(d *drawing, at loose) loose { return d.residual(at, 0) }, []string{"fork", "add"}},
		{"nested", func(d *drawing, at loose) loose { return d.residual(d.residual(at, 2), 2) }, []string{"fork", "add"}},
		{"inception", func(d *drawing, at loose) loose { return d.inception(at, 0) }, []string{"fork", "concat"}},
		{"split", func(d *drawing, at loose) loose { return d.split(at, 0) }, []string{"split"}},
		{"U-Net", func(d *drawing, at loose) loose { return d.unet(at, 1) }, []string{"fork", "concat"}},
	} {
		t.Run(build.name, func(t *testing.T) {
			for seed := range uint64(30) {
				d := newDrawing(seed)
				at := d.add("source", stepsim.Source{Beats: image.Beats()}, nil, image)[0]
				d.sink(build.with(d, at))
				run(t, d.Design)
				for _, want := range build.want {
					if !strings.Contains(fmt.Sprint(d.Nodes), want) {
						t.Errorf("seed %d has no %s", seed, want)
					}
				}
			}
		})
	}
}
