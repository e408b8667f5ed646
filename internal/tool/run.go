package tool

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"
)

// grace is how long what a killed program has started may hold its output.
const grace = 2 * time.Second

// Run runs a program in a folder and returns what it prints. It hears no Ctrl-C of the
// terminal: when the context ends, it is killed with all that it has started, and the
// error is why the context ended.
func Run(ctx context.Context, dir, program string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.WaitDelay = dir, grace
	apart(c)
	var out, talk bytes.Buffer
	c.Stdout, c.Stderr = &out, &talk
	err := c.Run()
	switch {
	case err == nil:
		return out.String(), nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	}
	return "", fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, Tail(talk.String()+out.String()))
}

// Tail is the end of a text.
func Tail(s string) string {
	const most = 4000
	if len(s) > most {
		return "..." + s[len(s)-most:]
	}
	return s
}
