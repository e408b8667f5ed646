package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/sourcegraph/conc/pool"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// TestStreamKeepsOrderAndCounts: slabs arrive as they were sent, and all their
// elements count, those of idle lanes too.
func TestStreamKeepsOrderAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(underway)
		g := pool.New().WithContext(context.Background()).WithCancelOnError().WithFirstError()
		const slabs = 100
		g.Go(func(ctx context.Context) error {
			for i := range int32(slabs) {
				if err := s.Send(ctx, NewSlab(make([]int32, i%7), int64(i))); err != nil {
					return err
				}
			}
			return nil
		})
		want := int64(0)
		g.Go(func(ctx context.Context) error {
			for i := range slabs {
				slab, err := s.Receive(ctx)
				if err != nil {
					return err
				}
				if len(Of[int32](slab)) != i%7 || slab.Idle != int64(i) {
					t.Errorf("slab %d: %d elements, %d idle", i, len(Of[int32](slab)), slab.Idle)
				}
				want += int64(i%7 + i)
			}
			return nil
		})
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if got := s.Elements(); got != want {
			t.Errorf("%d elements, want %d", got, want)
		}
	})
}

// TestSenderWaits: a stream holds few slabs, so memory does not grow with what
// is sent; one that was not taken does not count.
func TestSenderWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		s := NewStream(underway)
		ended := make(chan error)
		go func() {
			for {
				if err := s.Send(ctx, NewSlab(make([]float32, 10), 0)); err != nil {
					ended <- err
					return
				}
			}
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the sender ended with %v", err)
		}
		if got := s.Elements(); got != 10*underway {
			t.Errorf("%d elements went, want %d", got, 10*underway)
		}
	})
}

// block is a block for tests: its kernel does what run says.
type block struct {
	in, out []sched.Stream
	rows    func(n int64) int64 // rows needed for the first n, nil for as many
	run     func(ctx context.Context, in, out []*Stream, frames int) error
}

func (block) Kind() string                        { return "test" }
func (b block) Streams() (in, out []sched.Stream) { return b.in, b.out }
func (b block) Check() error                      { return nil }
func (b block) Kernel(Constants) (Kernel, error)  { return b, nil }
func (b block) Needs(out []int64) []int64 {
	in := make([]int64, len(b.in))
	for i := range in {
		if len(out) == 0 {
			in[i] = b.in[i].Rows
			continue
		}
		in[i] = slices.Max(out)
		if b.rows != nil {
			in[i] = b.rows(in[i])
		}
	}
	return in
}

func (b block) Run(ctx context.Context, in, out []*Stream, frames int) error {
	return b.run(ctx, in, out, frames)
}

// rows is a stream of so many rows of one beat.
func rows(n int64) sched.Stream {
	return sched.Stream{Elem: tensor.Int32, Lanes: 1, Rows: n, Pixels: 1, Beats: 1}
}

// link joins blocks by name-less edges: from node a's output to node b's input.
func link(p *pipeline.Plan, a, out, b, in int) {
	p.Join(pipeline.Port{Node: a, Port: out}, pipeline.Port{Node: b, Port: in})
}

// TestRunEndsWithTheFirstError: the other kernels, waiting for slabs that never
// come or for room that never is, end too.
func TestRunEndsWithTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		ended := map[string]chan error{"receiver": make(chan error, 1), "sender": make(chan error, 1)}
		r := rows(1 << 20)
		p := &pipeline.Plan{}
		p.Add("", block{out: []sched.Stream{r}, run: func(ctx context.Context, _, out []*Stream, _ int) error {
			var err error
			for err == nil {
				err = out[0].Send(ctx, Slab{})
			}
			ended["sender"] <- err
			return err
		}})
		p.Add("", block{in: []sched.Stream{r}, out: []sched.Stream{r}, run: func(context.Context, []*Stream, []*Stream, int) error {
			synctest.Wait()
			return broken
		}})
		p.Add("", block{in: []sched.Stream{r}, run: func(ctx context.Context, in, _ []*Stream, _ int) error {
			_, err := in[0].Receive(ctx)
			ended["receiver"] <- err
			return err
		}})
		link(p, 0, 0, 1, 0)
		link(p, 1, 0, 2, 0)
		if _, err := Run(context.Background(), p, make([]Constants, 3), Options{Frames: 1}); !errors.Is(err, broken) {
			t.Errorf("the run ends with %v", err)
		}
		for name, end := range ended {
			if err := <-end; !errors.Is(err, context.Canceled) {
				t.Errorf("the %s ended with %v", name, err)
			}
		}
	})
}

// TestBranchesThatWaitDoNotHang: one branch needs more and more rows before its
// first one, while the other passes them on; the join takes one of each. In two
// frames of every length it must come to its end, and would not with less room
// than Capacities says.
func TestBranchesThatWaitDoNotHang(t *testing.T) {
	for _, waits := range []int64{1, 2, 3, 5, 7, 30} {
		t.Run(fmt.Sprint(waits), func(t *testing.T) {
			p := parting(40, waits)
			synctest.Test(t, func(t *testing.T) {
				if _, err := Run(context.Background(), p, make([]Constants, len(p.Nodes)), Options{Frames: 2}); err != nil {
					t.Fatal(err)
				}
			})
			if got, want := slices.Max(Capacities(p)), int(waits)+underway; got != want {
				t.Errorf("the longest stream holds %d slabs, want %d", got, want)
			}
		})
	}
}

// parting is a source of n rows, a fork, a branch that sends each row once it has
// taken waits-1 more, one that has no block, and a join.
func parting(n, waits int64) *pipeline.Plan {
	r := []sched.Stream{rows(n)}
	pass := func(ctx context.Context, in, out []*Stream, count int) error {
		for range count {
			for _, s := range in {
				if _, err := s.Receive(ctx); err != nil {
					return err
				}
			}
			for _, s := range out {
				if err := s.Send(ctx, Slab{}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	all := func(ctx context.Context, in, out []*Stream, frames int) error {
		return pass(ctx, in, out, frames*int(n))
	}
	late := func(ctx context.Context, in, out []*Stream, frames int) error {
		for range frames {
			err := pass(ctx, in, nil, int(waits-1))
			if err == nil {
				err = pass(ctx, in, out, int(n-waits+1))
			}
			if err == nil {
				err = pass(ctx, nil, out, int(waits-1))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	p := &pipeline.Plan{}
	p.Add("", block{out: r, run: all})
	p.Add("", block{in: r, out: []sched.Stream{r[0], r[0]}, run: all})
	p.Add("late", block{in: r, out: r, run: late, rows: func(k int64) int64 { return min(n, k+waits-1) }})
	p.Add("", block{in: []sched.Stream{r[0], r[0]}, out: r, run: all})
	p.Add("", block{in: r, run: all})
	link(p, 0, 0, 1, 0)
	link(p, 1, 0, 2, 0)
	link(p, 1, 1, 3, 1)
	link(p, 2, 0, 3, 0)
	link(p, 3, 0, 4, 0)
	return p
}

// TestCancelledWithACause: stages report why the run ended.
func TestCancelledWithACause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	because := errors.New("because")
	cancel(because)
	s := NewStream(underway)
	if _, err := s.Receive(ctx); err != because {
		t.Errorf("Receive: %v", err)
	}
	for range 100 { // room or the end, whichever the select takes
		if err := NewStream(underway).Send(ctx, Slab{}); err != nil && err != because {
			t.Errorf("Send: %v", err)
		}
	}
}

// TestResultDoesNotDependOnScheduling: a network of forks and joins gives the
// same stream whatever stage is slow.
func TestResultDoesNotDependOnScheduling(t *testing.T) {
	var first []int32
	for slow := range 4 {
		synctest.Test(t, func(t *testing.T) {
			got := forkAndJoin(t, slow)
			if first == nil {
				first = got
			}
			if diff := cmp.Diff(first, got); diff != "" {
				t.Errorf("slow stage %d (-first +this):\n%s", slow, diff)
			}
		})
	}
}

// forkAndJoin sends numbers through two branches, one stage of the four slow, and
// returns what joins.
func forkAndJoin(t *testing.T, slow int) []int32 {
	streams := make([]*Stream, 4)
	for i := range streams {
		streams[i] = NewStream(underway)
	}
	const n = 20
	g := pool.New().WithContext(context.Background()).WithCancelOnError().WithFirstError()
	stage := func(number int, step func(ctx context.Context, i int32) error) {
		g.Go(func(ctx context.Context) error {
			for i := range int32(n) {
				if number == slow {
					synctest.Wait() // until all others wait for this one
				}
				if err := step(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	stage(0, func(ctx context.Context, i int32) error {
		return errors.Join(streams[0].Send(ctx, NewSlab([]int32{i}, 0)), streams[1].Send(ctx, NewSlab([]int32{i}, 0)))
	})
	scale := func(in, out *Stream, by int32) func(ctx context.Context, i int32) error {
		return func(ctx context.Context, _ int32) error {
			slab, err := in.Receive(ctx)
			if err != nil {
				return err
			}
			return out.Send(ctx, NewSlab([]int32{by * Of[int32](slab)[0]}, 0))
		}
	}
	stage(1, scale(streams[0], streams[2], 3))
	stage(2, scale(streams[1], streams[3], 5))
	var sums []int32
	stage(3, func(ctx context.Context, _ int32) error {
		a, err := streams[2].Receive(ctx)
		if err != nil {
			return err
		}
		b, err := streams[3].Receive(ctx)
		if err != nil {
			return err
		}
		sums = append(sums, Of[int32](a)[0]-Of[int32](b)[0])
		return nil
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	return sums
}

// TestWhoWaitsSettlesFirst: what a kernel has sent is taken, and what it has made room for
// is sent, when it waits itself, however patient the streams are.
func TestWhoWaitsSettlesFirst(t *testing.T) {
	for name, full := range map[string]bool{"for a slab": false, "for room": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				in, out, blocked := NewStream(8), NewStream(8), NewStream(1)
				if out.patience = 8; full {
					in.patience = 8
				}
				join([]*Stream{in}, []*Stream{out, blocked})
				go func() { // hands one on, and waits
					slab, _ := in.Receive(ctx)
					_ = out.Send(ctx, slab)
					if !full {
						_, _ = in.Receive(ctx)
						return
					}
					for blocked.Send(ctx, slab) == nil {
					}
				}()
				sent, taken := 0, 0
				go func() {
					for in.Send(ctx, NewSlab([]int8{1}, 0)) == nil {
						if sent++; !full {
							return
						}
					}
				}()
				go func() {
					for range 2 {
						if _, err := out.Receive(ctx); err != nil {
							return
						}
						taken++
					}
				}()
				synctest.Wait()
				if want := map[bool]int{false: 1, true: 9}[full]; sent != want || taken != 1 {
					t.Errorf("%d sent, %d taken; want %d and 1", sent, taken, want)
				}
				cancel()
			})
		})
	}
}
