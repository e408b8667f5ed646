package network

import (
	"testing"

	"pgregory.net/rapid"
)

// A window that sees only padding is found without looking at all of them.
func TestBlindWindowsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		w := windows{size: n("size", 1, 6), begin: n("begin", 0, 9), end: n("end", 0, 9), kernel: n("kernel", 1, 4),
			stride: n("stride", 1, 5), dilation: n("dilation", 1, 7)}
		extent := w.dilation*(w.kernel-1) + 1
		if w.begin+w.size+w.end < extent {
			t.Skip("no window fits")
		}
		w.out = (w.begin+w.size+w.end-extent)/w.stride + 1
		blind := false
		for i := range w.out {
			seen, _ := w.taps(i)
			blind = blind || len(seen) == 0
		}
		if err := w.check("height"); (err != nil) != blind {
			t.Fatalf("%+v: %v, blind %t", w, err, blind)
		}
	})
}

// Sizes at the limit are judged at once.
func TestManyWindows(t *testing.T) {
	const most = 1<<31 - 1
	w := windows{size: most, begin: 1, end: 1, kernel: 3, stride: 1, dilation: 1, out: most}
	if err := w.check("height"); err != nil {
		t.Error(err)
	}
}
