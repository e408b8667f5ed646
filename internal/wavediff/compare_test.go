package wavediff

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/wave"
)

// TestCompare: the first handshake that differs is found, whatever ranges it lies in; hardware may go on.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []Range
		hard bool // b
		want []Wrong
		same int64
		late int64
	}{
		{"equal", []Range{{3, 5}, {8, 9}}, []Range{{3, 5}, {8, 9}}, false, nil, 3, 0},
		{"later", []Range{{3, 5}, {8, 9}}, []Range{{3, 5}, {9, 10}}, false, []Wrong{{"e", 2, 8, 9}}, 2, 0},
		{"parted", []Range{{3, 5}}, []Range{{3, 4}, {5, 6}}, false, []Wrong{{"e", 1, 4, 5}}, 1, 0},
		{"longer", []Range{{3, 5}}, []Range{{3, 6}}, false, []Wrong{{"e", 2, -1, 5}}, 2, 0},
		{"missing", []Range{{3, 5}, {8, 9}}, []Range{{3, 5}}, false, []Wrong{{"e", 2, 8, -1}}, 2, 0},
		{"nothing", nil, []Range{{3, 4}}, false, []Wrong{{"e", 0, -1, 3}}, 0, 0},
		{"hardware goes on", []Range{{3, 5}}, []Range{{3, 5}, {7, 9}}, true, nil, 2, 2},
		{"hardware ends early", []Range{{3, 5}, {8, 9}}, []Range{{3, 5}}, true, []Wrong{{"e", 2, 8, -1}}, 2, 0},
		{"hardware goes on at once", []Range{{3, 5}}, []Range{{3, 7}}, true, nil, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Compare(&Dump{To: 100, Ends: map[string]*End{"e": {Moves: c.a}, "f": {}}},
				&Dump{To: 90, Hardware: c.hard, Ends: map[string]*End{"e": {Moves: c.b}, "g": {}}})
			want := &Difference{To: 90, Ends: 1, Handshakes: c.same, Later: c.late, OnlyA: []string{"f"}, OnlyB: []string{"g"}, Wrong: c.want}
			if diff := cmp.Diff(want, d); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var b bytes.Buffer
			if err := d.WriteText(&b); err != nil || strings.Contains(b.String(), "all equal") != d.Same() {
				t.Errorf("%v: %s", err, b.String())
			}
		})
	}
}

// TestReadOwn: handshakes of a dump, those that go on without a change among them.
func TestReadOwn(t *testing.T) {
	var b bytes.Buffer
	scope := []string{"convsim", "conv1", "pad_window"}
	w := wave.NewVCD(&b, "", []wave.Signal{{Scope: scope, Name: "in_valid", Width: 1}, {Scope: scope, Name: "in_ready", Width: 1}, {Scope: scope, Name: "fill", Width: 2}})
	for _, c := range []struct {
		at     int64
		signal int
		value  string
	}{{5, 0, "0"}, {5, 1, "x"}, {7, 0, "1"}, {7, 1, "1"}, {8, 2, "10"}, {10, 1, "0"}, {12, 1, "1"}, {13, 0, "0"}, {13, 1, "x"}, {15, 0, "1"}, {15, 1, "1"}} {
		w.Set(c.at, c.signal, []byte(c.value))
	}
	if err := w.Close(18); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "own.vcd")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Range{{7, 10}, {12, 13}, {15, 18}}, d.Ends["conv1_pad_window in"].Moves); diff != "" || d.From != 5 || d.To != 18 || d.Hardware {
		t.Errorf("cycles %d to %d (-want +got):\n%s", d.From, d.To, diff)
	}
}
