package wave

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// Signal is something that changes. A text has no width.
type Signal struct {
	Scope []string // outermost first
	Name  string
	Width int // bits; 0: a text
}

// VCD writes a value change dump of one time unit a cycle.
type VCD struct {
	w    *bufio.Writer
	sigs []Signal
	at   int64
	any  bool
}

// NewVCD writes the head of a dump. Signals of one scope follow each other.
func NewVCD(w io.Writer, comment string, signals []Signal) *VCD {
	v := &VCD{w: bufio.NewWriter(w), sigs: signals}
	fmt.Fprintf(v.w, "$comment %s $end\n$version convsim $end\n$timescale 1 ns $end\n", strings.ReplaceAll(comment, "$", "S"))
	var open []string
	names := newNames()
	for i, s := range signals {
		scope := make([]string, len(s.Scope))
		for n := range s.Scope {
			scope[n] = names.of(strings.Join(s.Scope[:n], "\x00"), s.Scope[n], "scope")
		}
		open = v.enter(open, scope)
		name := names.of(strings.Join(s.Scope, "\x00"), s.Name, "signal")
		if s.Width == 0 {
			fmt.Fprintf(v.w, "$var string 1 %s %s $end\n", code(i), name)
			continue
		}
		fmt.Fprintf(v.w, "$var wire %d %s %s $end\n", s.Width, code(i), name)
	}
	v.enter(open, nil)
	fmt.Fprint(v.w, "$enddefinitions $end\n")
	return v
}

// enter leaves scopes and enters others until those open are the ones wanted.
func (v *VCD) enter(open, want []string) []string {
	same := 0
	for same < min(len(open), len(want)) && open[same] == want[same] {
		same++
	}
	for range open[same:] {
		fmt.Fprint(v.w, "$upscope $end\n")
	}
	for _, name := range want[same:] {
		fmt.Fprintf(v.w, "$scope module %s $end\n", name)
	}
	return want
}

// Set gives a signal a value from a cycle on: bits, the highest first, or a text.
// Cycles never go back.
func (v *VCD) Set(at int64, signal int, value string) {
	v.time(at)
	switch s := v.sigs[signal]; {
	case s.Width == 0:
		fmt.Fprintf(v.w, "s%s %s\n", value, code(signal))
	case s.Width == 1:
		fmt.Fprintf(v.w, "%s%s\n", value, code(signal))
	default:
		fmt.Fprintf(v.w, "b%s %s\n", value, code(signal))
	}
}

func (v *VCD) time(at int64) {
	if !v.any || at != v.at {
		v.w.WriteByte('#')
		v.w.WriteString(strconv.FormatInt(at, 10))
		v.w.WriteByte('\n')
		v.at, v.any = at, true
	}
}

// Close ends the dump at a cycle.
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

// names makes names legal, and unique within their scope.
type names struct {
	given map[string]string // by scope, kind and name
	taken map[string]bool   // by scope and legal name
}

func newNames() *names { return &names{map[string]string{}, map[string]bool{}} }

// of is the legal name of something.
func (n *names) of(scope, name, kind string) string {
	key := scope + "\x00\x00" + kind + "\x00" + name
	if legal, ok := n.given[key]; ok {
		return legal
	}
	plain := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, name)
	if plain == "" || unicode.IsDigit(rune(plain[0])) {
		plain = "_" + plain
	}
	legal := plain
	for i := 2; n.taken[scope+"\x00\x00"+legal]; i++ {
		legal = fmt.Sprintf("%s_%d", plain, i)
	}
	n.taken[scope+"\x00\x00"+legal], n.given[key] = true, legal
	return legal
}
