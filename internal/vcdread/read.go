// Package vcdread reads value change dumps, to hold waveforms to something else.
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
	err := Scan(r, func(name string, width int) bool {
		d.Signals[name], d.Widths[name] = nil, width
		return true
	}, func(at int64, name, value string) {
		d.End = at
		if name != "" {
			d.Signals[name] = append(d.Signals[name], Change{at, value})
		}
	})
	return d, err
}

// Scan reads a dump change by change: of those signals that are wanted, by scopes and name. It also tells of every
// time, before what changes then, with no name.
func Scan(r io.Reader, want func(name string, width int) bool, tell func(at int64, name, value string)) error {
	names := map[string][]string{} // by short name
	var scope []string
	at := int64(0)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) == 0:
		case f[0] == "$scope" && len(f) > 2:
			scope = append(scope, f[2])
		case f[0] == "$upscope" && len(scope) > 0:
			scope = scope[:len(scope)-1]
		case f[0] == "$var" && len(f) > 4:
			name := strings.Join(append(scope[:len(scope):len(scope)], f[4]), ".")
			if width, _ := strconv.Atoi(f[2]); want(name, width) {
				names[f[3]] = append(names[f[3]], name)
			}
		case f[0][0] == '#':
			var err error
			if at, err = strconv.ParseInt(f[0][1:], 10, 64); err != nil {
				return fmt.Errorf("%q is no time of a value change dump", lines.Text())
			}
			tell(at, "", "")
		case f[0][0] != '$':
			value, short := f[0][:1], f[0][1:]
			if strings.ContainsAny(value, "bsr") && len(f) == 2 {
				value, short = f[0][1:], f[1]
			}
			for _, name := range names[short] {
				tell(at, name, value)
			}
		}
	}
	return lines.Err()
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
