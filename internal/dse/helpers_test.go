package dse_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/results"
)

const layerText = `op: conv2d
in_channels: 6
out_channels: 8
kernel_size: 3
padding: 1
input: {height: 7, width: 6}
`

// sweepText is a space of 336 points with illegal ones, ones that break constraints, and ties.
const sweepText = `name: small
workload: layer.yaml
hardware: {name: base, clock_mhz: 100}
board: pynq-z2
axes:
  array.pe: {range: [1, 8, 1]}
  array.simd: [1, 2, 3, 6, 7, 12, 0]
  window.style: [serial, parallel]
  zip:
    fifo.depth: [0, 2, 4]
    window.buffer_depth: [0, 20, 60]
constraints:
  - fits && dsp <= 100
  - fps > 20000
derived:
  speed: fps / (dsp + 1)
objectives:
  - minimize: cycles
  - minimize: dsp
`

// write puts files into a new folder and returns the path of the first.
func write(t testing.TB, texts ...string) string {
	t.Helper()
	dir := t.TempDir()
	names := []string{"sweep.yaml", "layer.yaml", "other.yaml"}
	for i, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, names[i]), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, names[0])
}

func load(t testing.TB, text string) *dse.Sweep {
	t.Helper()
	s, err := dse.Load(write(t, text, layerText))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runIn runs a sweep in a folder, with two jobs unless the options say otherwise.
func runIn(t testing.TB, s *dse.Sweep, o dse.Options) *results.Summary {
	t.Helper()
	if o.Jobs == 0 {
		o.Jobs = 2
	}
	summary, err := s.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

func read(t testing.TB, parts ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sameTables fails unless both folders hold the same tables.
func sameTables(t testing.TB, want, got string) {
	t.Helper()
	for _, name := range []string{results.TableFile, results.FrontFile, results.SweepFile, results.PageFile} {
		if !bytes.Equal(read(t, want, name), read(t, got, name)) {
			t.Errorf("%s of %s differs from that of %s", name, got, want)
		}
	}
}

// stopAfter returns a context that ends when so many points are done, and the callback that counts them.
func stopAfter(points int64) (context.Context, func(dse.Progress)) {
	ctx, cancel := context.WithCancel(context.Background())
	return ctx, func(p dse.Progress) {
		if p.Done-p.Earlier >= points {
			cancel()
		}
	}
}

func wantError(t testing.TB, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q\nlacks %q", err, part)
		}
	}
}

func interrupted(err error) bool {
	var stopped *dse.Interrupted
	return errors.As(err, &stopped)
}
