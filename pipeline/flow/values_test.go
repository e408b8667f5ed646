package flow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// TestStreamKeepsOrderAndCounts: slabs arrive as they were sent, and all their
// elements count, those of idle lanes too.
func TestStreamKeepsOrderAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream[int32]()
		g := NewGroup(context.Background())
		const slabs = 100
		g.Go(func(ctx context.Context) error {
			for i := range int32(slabs) {
				if err := s.Send(ctx, Slab[int32]{Data: make([]int32, i%7), Idle: int64(i)}); err != nil {
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
				if len(slab.Data) != i%7 || slab.Idle != int64(i) {
					t.Errorf("slab %d: %d elements, %d idle", i, len(slab.Data), slab.Idle)
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
		s := NewStream[float32]()
		ended := make(chan error)
		go func() {
			for {
				if err := s.Send(ctx, Slab[float32]{Data: make([]float32, 10)}); err != nil {
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
		if got := s.Elements(); got != 10*slabsUnderway {
			t.Errorf("%d elements went, want %d", got, 10*slabsUnderway)
		}
	})
}

// TestGroupEndsWithTheFirstError: the other stages, waiting for slabs that
// never come or for room that never is, end too.
func TestGroupEndsWithTheFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		a, b := NewStream[int32](), NewStream[int32]()
		g := NewGroup(context.Background())
		ended := map[string]chan error{"receiver": make(chan error, 1), "sender": make(chan error, 1)}
		g.Go(func(ctx context.Context) error {
			_, err := a.Receive(ctx)
			ended["receiver"] <- err
			return err
		})
		g.Go(func(ctx context.Context) error {
			var err error
			for err == nil {
				err = b.Send(ctx, Slab[int32]{})
			}
			ended["sender"] <- err
			return err
		})
		synctest.Wait()
		g.Go(func(context.Context) error { return broken })
		if err := g.Wait(); !errors.Is(err, broken) {
			t.Errorf("the group ends with %v", err)
		}
		for name, end := range ended {
			if err := <-end; !errors.Is(err, context.Canceled) {
				t.Errorf("the %s ended with %v", name, err)
			}
		}
	})
}

// TestCancelledWithACause: stages report why the run ended.
func TestCancelledWithACause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	because := errors.New("because")
	cancel(because)
	s := NewStream[int32]()
	if _, err := s.Receive(ctx); err != because {
		t.Errorf("Receive: %v", err)
	}
	for range 100 { // room or the end, whichever the select takes
		if err := NewStream[int32]().Send(ctx, Slab[int32]{}); err != nil && err != because {
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
	streams := make([]*Stream[int32], 4)
	for i := range streams {
		streams[i] = NewStream[int32]()
	}
	const n = 20
	g := NewGroup(context.Background())
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
		return errors.Join(streams[0].Send(ctx, Slab[int32]{Data: []int32{i}}), streams[1].Send(ctx, Slab[int32]{Data: []int32{i}}))
	})
	scale := func(in, out *Stream[int32], by int32) func(ctx context.Context, i int32) error {
		return func(ctx context.Context, _ int32) error {
			slab, err := in.Receive(ctx)
			if err != nil {
				return err
			}
			return out.Send(ctx, Slab[int32]{Data: []int32{by * slab.Data[0]}})
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
		sums = append(sums, a.Data[0]-b.Data[0])
		return nil
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	return sums
}
