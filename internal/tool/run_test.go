//go:build unix

package tool

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	out, err := Run(t.Context(), t.TempDir(), "sh", "-c", "pwd; echo talk >&2")
	if err != nil || !strings.Contains(out, "TestRun") || strings.Contains(out, "talk") {
		t.Errorf("%q, %v", out, err)
	}
	_, err = Run(t.Context(), ".", "sh", "-c", "echo why >&2; exit 3")
	if err == nil || !strings.HasPrefix(err.Error(), "sh: exit status 3\nwhy") {
		t.Errorf("%v", err)
	}
	if _, err = Run(t.Context(), ".", "no-such-program"); err == nil {
		t.Error("a program that is not there ran")
	}
}

// TestRunApart: a signal to a program's group does not reach this one, nor the other way
// round.
func TestRunApart(t *testing.T) {
	if _, err := Run(t.Context(), ".", "sh", "-c", "kill -INT 0; exit 1"); err == nil {
		t.Error("the signal did not arrive")
	}
}

// TestRunStopped: what a program has started ends with it, and with the context.
func TestRunStopped(t *testing.T) {
	why := errors.New("enough")
	ctx, stop := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { stop(why) })
	begun := time.Now()
	_, err := Run(ctx, ".", "sh", "-c", "sleep 60 & sleep 60; wait")
	if !errors.Is(err, why) {
		t.Error(err)
	}
	if took := time.Since(begun); took > grace {
		t.Errorf("it took %v", took)
	}
}
