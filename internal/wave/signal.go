package wave

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode"
)

// Signal is something that changes: so many bits, or one of some words.
type Signal struct {
	Scope []string // outermost first
	Name  string
	Width int      // bits; 0 for a signal of words
	Words []string // none of them has a space in it
}

// Writer writes a waveform of one time unit a cycle.
type Writer interface {
	// Set gives a signal a value from a cycle on: bits as 0, 1 and x, the highest first,
	// or a word. Cycles never go back.
	Set(at int64, signal int, value []byte)
	// Close ends the waveform at a cycle.
	Close(end int64) error
}

// bits is how many bits a signal takes where words are numbers.
func (s Signal) bits() int {
	if s.Width > 0 {
		return s.Width
	}
	return max(1, bits.Len(uint(len(s.Words)-1)))
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

// Words makes words of names: legal ones, different where the names are.
func Words(list []string) (words []string) {
	n := newNames()
	for _, name := range list {
		words = append(words, n.of("", name, "word"))
	}
	return words
}

// tree is what the scopes of signals are told to.
type tree interface {
	enter(scope string)
	leave()
	signal(i int, name string)
}

// walk tells a tree of all signals, in their order, with legal names. Signals of one
// scope follow each other.
func walk(signals []Signal, t tree) {
	var open []string
	names := newNames()
	for i, s := range signals {
		scope := make([]string, len(s.Scope))
		for n := range s.Scope {
			scope[n] = names.of(strings.Join(s.Scope[:n], "\x00"), s.Scope[n], "scope")
		}
		open = move(t, open, scope)
		t.signal(i, names.of(strings.Join(s.Scope, "\x00"), s.Name, "signal"))
	}
	move(t, open, nil)
}

// move leaves scopes and enters others until those open are the ones wanted.
func move(t tree, open, want []string) []string {
	same := 0
	for same < min(len(open), len(want)) && open[same] == want[same] {
		same++
	}
	for range open[same:] {
		t.leave()
	}
	for _, name := range want[same:] {
		t.enter(name)
	}
	return want
}
