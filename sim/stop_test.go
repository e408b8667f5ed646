package sim

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The bubbles of these tests do not end before every goroutine in them has:
// one that is left behind fails the test.

const stopLayer = `{op: conv2d, in_channels: 6, out_channels: 6, groups: 3, kernel_size: 3, padding: 1, padding_mode: circular,
	requantize: {rule: shift, shift: 7}, input: {batch: 3, height: 9, width: 8}}`

func TestNothingIsLeftBehind(t *testing.T) {
	hw, layer := parse(t, smallHardware, stopLayer)
	synctest.Test(t, func(t *testing.T) {
		out, err := Run(context.Background(), hw, layer, Options{})
		if err != nil || out.Wrong != nil {
			t.Fatal(err, out)
		}
	})
}

// TestStoppedWhileValuesMove cancels the run after every row in turn.
func TestStoppedWhileValuesMove(t *testing.T) {
	hw, layer := parse(t, smallHardware, stopLayer)
	for row := 1; row <= 27; row++ {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			out, err := Run(ctx, hw, layer, Options{Progress: func(done, total int) {
				if total != 27 {
					t.Errorf("%d rows in all, want 27", total)
				}
				if done == row {
					cancel()
				}
			}})
			if out != nil || !errors.Is(err, context.Canceled) {
				t.Fatalf("cancelled after row %d: %v, %v", row, out, err)
			}
		})
	}
}

// TestStoppedBeforehand: a cancelled run does no work, whichever part is next.
func TestStoppedBeforehand(t *testing.T) {
	hw, layer := parse(t, smallHardware, stopLayer)
	ctx, cancel := context.WithCancelCause(context.Background())
	because := errors.New("because")
	cancel(because)
	for _, o := range []Options{{}, {NoValues: true}, {NoVerify: true}, {EveryBeat: true}} {
		if out, err := Run(ctx, hw, layer, o); out != nil || !errors.Is(err, because) {
			t.Errorf("%+v: %v, %v", o, out, err)
		}
	}
	d, data := mustLoad(t, hw, layer, 3)
	out, err := d.Run(context.Background(), data, 3, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.verify(ctx, data, 3, out); out.Wrong != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("verify: %v, %v", out.Wrong, err)
	}
}

// TestStoppedWhileTimeIsSolved stops a time plane that would run for minutes.
func TestStoppedWhileTimeIsSolved(t *testing.T) {
	t.Parallel()
	for _, hardware := range []string{
		`{name: slow, array: {pe: 1, simd: 1}}`,
		`{name: slow, array: {pe: 1, simd: 1}, window: {style: parallel, frame_overlap: true}, sink: {random: 1}}`,
	} {
		hw, layer := parse(t, hardware,
			`{op: conv2d, in_channels: 64, out_channels: 64, kernel_size: 3, padding: 1, padding_mode: replicate, input: {batch: 50, height: 224, width: 224}}`)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		defer cancel()
		start := time.Now()
		out, err := Run(ctx, hw, layer, Options{NoValues: true, EveryBeat: true})
		if out != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, %v", hardware, out, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: stopping took %v", hardware, took)
		}
	}
}

// TestTimeEndsValues: what is wrong with time is told, whatever values are doing.
func TestTimeEndsValues(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	hw, layer := parse(t, smallHardware, stopLayer)
	d, data := mustLoad(t, hw, layer, 3)
	over := make(chan struct{})
	close(over)
	for name, done := range map[string]<-chan struct{}{"stopped": over, "solved": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &underway{Design: d, data: data, frames: 3, out: &Outcome{}, timing: TimeOptions{Done: done}}
				err := u.begin(t.Context())
				if stopped := done != nil; (err != nil) != stopped || (u.out.made == nil) != stopped {
					t.Errorf("%v, values %v", err, u.out.made)
				}
			})
		})
	}
}

// TestLater: progress waits for its turn, and then leaves nothing out.
func TestLater(t *testing.T) {
	var told []int
	l := later{tell: func(done, total int) { told = append(told, done, total) }}
	l.progress(1, 4)
	l.progress(2, 4)
	if told != nil {
		t.Errorf("told too early: %v", told)
	}
	l.now()
	l.progress(3, 4)
	if want := []int{1, 4, 2, 4, 3, 4}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}
