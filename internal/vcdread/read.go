// Package vcdread reads value change dumps, for tests that hold waveforms to something
// else.
package vcdread

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Dump is what a dump says.
type Dump struct {
	Signals map[string][]Change // by scopes and name, joined by dots
	Widths  map[string]int
	End     int64 // the last time in it
}

// Change is a value that a signal takes at a time.
type Change struct {
	At    int64
	Value string
}

// Read reads a dump.
func Read(r io.Reader) (*Dump, error) {
	d := &Dump{Signals: map[string][]Change{}, Widths: map[string]int{}}
	names := map[string][]string{} // by short name
	var scope []string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) == 0:
		case f[0] == "$scope":
			scope = append(scope, f[2])
		case f[0] == "$upscope":
			scope = scope[:len(scope)-1]
		case f[0] == "$var":
			name := strings.Join(append(scope[:len(scope):len(scope)], f[4]), ".")
			names[f[3]] = append(names[f[3]], name)
			d.Widths[name], _ = strconv.Atoi(f[2])
			d.Signals[name] = nil
		case f[0][0] == '#':
			at, err := strconv.ParseInt(f[0][1:], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("vcdread: %q", lines.Text())
			}
			d.End = at
		case f[0][0] != '$':
			d.change(f, names)
		}
	}
	return d, lines.Err()
}

// change notes a value.
func (d *Dump) change(f []string, names map[string][]string) {
	value, short := f[0][:1], f[0][1:]
	if strings.ContainsAny(value, "bsr") && len(f) == 2 {
		value, short = f[0][1:], f[1]
	}
	for _, name := range names[short] {
		d.Signals[name] = append(d.Signals[name], Change{d.End, value})
	}
}

// Each is the value of a signal at times from on, so many times, a step apart: the one
// that holds after the changes at that time. Before the first change it is "x".
func (d *Dump) Each(name string, from, step int64, times int) []string {
	list := make([]string, times)
	now, changes := "x", d.Signals[name]
	for i := range list {
		for len(changes) > 0 && changes[0].At <= from+int64(i)*step {
			now, changes = changes[0].Value, changes[1:]
		}
		list[i] = now
	}
	return list
}
