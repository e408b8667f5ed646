package wave

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/vcdread"
)

// drawn writes random changes of random signals to both kinds of files.
func drawn(r *rand.Rand, most int) (vcd, fst []byte, signals []Signal) {
	states := []string{"busy", "starved", "blocked", "throttled", "finished"}
	for i := range 1 + r.IntN(40) {
		s := Signal{Scope: []string{"top", fmt.Sprint("part", i/3)}, Name: fmt.Sprint("s", i), Width: []int{0, 1, 1, 3, 8, 9, 70}[r.IntN(7)]}
		if s.Width == 0 {
			s.Words = states[:1+r.IntN(len(states))]
		}
		signals = append(signals, s)
	}
	var a, b bytes.Buffer
	at, end := int64(r.IntN(100)), int64(1<<40)
	v, f := NewVCD(&a, "random", signals), NewFST(&b, "random", signals, at, end)
	f.most = most
	for range r.IntN(1000) {
		at += int64(r.IntN(3)) * int64(1+r.IntN(300)/299*1e6)
		i := r.IntN(len(signals))
		value := value(r, signals[i])
		v.Set(at, i, value)
		f.Set(at, i, value)
	}
	if v.Close(at+5) != nil || f.Close(at+5) != nil {
		panic("a buffer that fails")
	}
	return a.Bytes(), b.Bytes(), signals
}

func value(r *rand.Rand, s Signal) []byte {
	if s.Width == 0 {
		return []byte(s.Words[r.IntN(len(s.Words))])
	}
	v := make([]byte, s.Width)
	alphabet := []string{"01", "01x"}[r.IntN(2)]
	for i := range v {
		v[i] = alphabet[r.IntN(len(alphabet))]
	}
	return v
}

// TestFSTReadByGTKWave: what fst2vcd of GTKWave reads out of a trace, of one block or of
// many, is what a dump of the same changes says.
func TestFSTReadByGTKWave(t *testing.T) {
	if _, err := exec.LookPath("fst2vcd"); err != nil {
		t.Skip("fst2vcd is not installed; on Debian: apt-get install gtkwave")
	}
	for seed := range uint64(16) {
		vcd, fst, signals := drawn(rand.New(rand.NewPCG(seed, 1)), []int{fstBlock, 1, 100, 5000}[seed%4])
		path := filepath.Join(t.TempDir(), "t.fst")
		if err := os.WriteFile(path, fst, 0o666); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("fst2vcd", path).Output()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		got, err := vcdread.Read(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		want, err := vcdread.Read(bytes.NewReader(vcd))
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range signals {
			name := strings.Join(append(s.Scope, s.Name), ".")
			list := want.Signals[name]
			for n, c := range list {
				if s.Width == 0 {
					list[n].Value = string(digits(wordOf(s, c.Value), s.bits()))
				}
			}
			if diff := cmp.Diff(changes(list), changes(got.Signals[name])); diff != "" {
				t.Fatalf("seed %d, signal %d of %d bits (-want +got):\n%s", seed, i, s.Width, diff)
			}
		}
		if got.End != want.End {
			t.Errorf("seed %d: it ends at %d, want %d", seed, got.End, want.End)
		}
	}
}

func wordOf(s Signal, word string) int {
	for i, w := range s.Words {
		if w == word {
			return i
		}
	}
	return -1
}

// changes leaves out what is no change: a trace begins with signals that are unknown,
// and of several changes at one time the last counts.
func changes(list []vcdread.Change) (out []vcdread.Change) {
	for _, c := range list {
		if n := len(out); n > 0 && out[n-1].At == c.At {
			out[n-1].Value = c.Value
			continue
		}
		out = append(out, c)
	}
	var real []vcdread.Change
	now := ""
	for _, c := range out {
		if c.Value != now && !(now == "" && strings.Trim(c.Value, "x") == "") {
			real = append(real, c)
			now = c.Value
		}
	}
	return real
}

// TestFSTSections: a trace is whole sections, the same bytes every time, and no larger
// than what its blocks may hold at once asks for.
func TestFSTSections(t *testing.T) {
	_, fst, _ := drawn(rand.New(rand.NewPCG(7, 1)), 1000)
	_, again, _ := drawn(rand.New(rand.NewPCG(7, 1)), 1000)
	if !bytes.Equal(fst, again) {
		t.Error("other bytes the second time")
	}
	kinds := map[byte]int{}
	for rest := fst; len(rest) > 0; {
		size := binary.BigEndian.Uint64(rest[1:])
		if size < 8 || size > uint64(len(rest)-1) {
			t.Fatalf("a section of %d bytes where %d are left", size, len(rest))
		}
		kinds[rest[0]]++
		rest = rest[1+size:]
	}
	if kinds[fstHeader] != 1 || kinds[fstGeometry] != 1 || kinds[fstHierarchy] != 1 || kinds[fstChanges] < 3 {
		t.Errorf("sections: %v", kinds)
	}
}
