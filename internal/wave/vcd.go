package wave

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// VCD writes a value change dump. Words are there as texts.
type VCD struct {
	w    *bufio.Writer
	sigs []Signal
	ids  []string
	at   int64
	any  bool
}

// NewVCD writes the head of a dump.
func NewVCD(w io.Writer, comment string, signals []Signal) *VCD {
	v := &VCD{w: bufio.NewWriter(w), sigs: signals, ids: make([]string, len(signals))}
	fmt.Fprintf(v.w, "$comment %s $end\n$version convsim $end\n$timescale 1 ns $end\n", strings.ReplaceAll(comment, "$", "S"))
	walk(signals, v)
	fmt.Fprint(v.w, "$enddefinitions $end\n")
	return v
}

func (v *VCD) enter(scope string) { fmt.Fprintf(v.w, "$scope module %s $end\n", scope) }

func (v *VCD) leave() { fmt.Fprint(v.w, "$upscope $end\n") }

func (v *VCD) signal(i int, name string) {
	v.ids[i] = code(i)
	if s := v.sigs[i]; s.Width > 0 {
		fmt.Fprintf(v.w, "$var wire %d %s %s $end\n", s.Width, v.ids[i], name)
		return
	}
	fmt.Fprintf(v.w, "$var string 1 %s %s $end\n", v.ids[i], name)
}

// Set writes a change.
func (v *VCD) Set(at int64, signal int, value []byte) {
	v.time(at)
	switch s := v.sigs[signal]; s.Width {
	case 0:
		v.w.WriteByte('s')
	case 1:
	default:
		v.w.WriteByte('b')
	}
	v.w.Write(value)
	if v.sigs[signal].Width != 1 {
		v.w.WriteByte(' ')
	}
	v.w.WriteString(v.ids[signal])
	v.w.WriteByte('\n')
}

func (v *VCD) time(at int64) {
	if !v.any || at != v.at {
		v.w.WriteByte('#')
		v.w.WriteString(strconv.FormatInt(at, 10))
		v.w.WriteByte('\n')
		v.at, v.any = at, true
	}
}

// Close ends the dump.
func (v *VCD) Close(end int64) error {
	v.time(end)
	return v.w.Flush()
}

// code is the short name of a signal: its number in digits of printable characters.
func code(n int) string {
	const first, digits = '!', 94
	b := []byte{byte(first + n%digits)}
	for n /= digits; n > 0; n /= digits {
		b = append(b, byte(first+n%digits))
	}
	return string(b)
}
