package main

import (
	"context"
	"os"
	"syscall"
	"time"
)

// stopped is why a context ends: a signal has come.
type stopped struct{ by os.Signal }

func (s stopped) Error() string { return "stopped by " + s.by.String() }

// Is makes it one of the ways in which a context is cancelled.
func (s stopped) Is(target error) bool { return target == context.Canceled }

// exitInterrupted is what shells report of a program that SIGINT ended; of one
// that another signal ended, the number of that one is added instead.
const (
	exitSignal      = 128
	exitInterrupted = exitSignal + int(syscall.SIGINT)
)

// stopCode is the exit code of a run whose context has ended.
func stopCode(ctx context.Context) int {
	if s, ok := context.Cause(ctx).(stopped); ok {
		if number, ok := s.by.(syscall.Signal); ok {
			return exitSignal + int(number)
		}
	}
	return exitInterrupted
}

// grace is how long something that was stopped has to end by itself.
const grace = 200 * time.Millisecond

// untilStopped returns what f does, or the end of ctx if that comes first and f
// does not end then, too: f is left to itself until the program ends. It is for
// reading files, which does not look at a context and may wait for ever, on a
// pipe; not for anything that writes.
func untilStopped[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var none T
		return none, context.Cause(ctx)
	}
}
