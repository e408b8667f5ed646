package sim

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestExplain: what is told of a network and of a layer is what a run of it finds, and
// every change, written into the hardware file, does what is said of it.
func TestExplain(t *testing.T) {
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	layer := `{name: l, op: conv2d, in_channels: 8, out_channels: 8, kernel_size: 3, padding: 1, input: {height: 8, width: 8}}`
	for _, c := range []struct{ name, text, slowest string }{
		{"network", "name: a\narray: {pe: 2, simd: 2}\n", "conv1.array"},
		{"fast network", "name: a\narray: {pe: 8, simd: 8}\nwindow: {style: parallel}\n", ""},
		{"layer", "name: a\narray: {pe: 4, simd: 4}\n", "array"},
		{"slow port", "name: a\narray: {pe: 8, simd: 8}\nwindow: {style: parallel}\nsource: {every: 5}\n", "source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			subject := func(text string) Subject {
				hw, l := parse(t, text, layer)
				if strings.Contains(c.name, "network") {
					return NetworkSubject(hw, g)
				}
				return LayerSubject(hw, l)
			}
			x, err := Explain(context.Background(), subject(c.text), 4, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.slowest != "" && x.Slowest.Stage != c.slowest {
				t.Errorf("slowest %+v, want %s", x.Slowest, c.slowest)
			}
			if n := len(x.Upstream); c.slowest != "source" && (n == 0 || !strings.HasSuffix(x.Upstream[n-1].Stage, "source")) {
				t.Errorf("upstream %+v", x.Upstream)
			}
			if n := len(x.Downstream); n == 0 || !strings.HasSuffix(x.Downstream[n-1].Stage, "sink") {
				t.Errorf("downstream %+v", x.Downstream)
			}
			if len(x.Changes) == 0 && c.slowest != "" {
				t.Errorf("nothing of %d changes helps", x.Tried)
			}
			checkChanges(t, x, c.text, subject)
		})
	}
}

// checkChanges writes each change into the file and runs it.
func checkChanges(t *testing.T, x *Explanation, text string, subject func(string) Subject) {
	for i, change := range x.Changes {
		var kept []string // a port that is opened is written once
		for _, line := range strings.Split(text, "\n") {
			if key, _, _ := strings.Cut(change.What, ":"); !strings.HasPrefix(line, key+":") {
				kept = append(kept, line)
			}
		}
		s := subject(strings.Join(kept, "\n") + "\n" + change.What + "\n")
		e := &explainer{Subject: s, ctx: context.Background(), frames: x.Frames}
		m, err := e.run(s.Hardware)
		if err != nil {
			t.Fatalf("%s: %v", change.What, err)
		}
		if m.interval != change.Interval || change.Interval >= x.Interval {
			t.Errorf("%s: a frame every %g cycles, was told %g instead of %g", change.What, m.interval, change.Interval, x.Interval)
		}
		if i > 0 && (change.price < x.Changes[i-1].price || change.Percent <= x.Changes[i-1].Percent) {
			t.Errorf("%+v comes after %+v", change, x.Changes[i-1])
		}
	}
}

// TestExplainDeadlock: there is nothing to explain about a design that stops.
func TestExplainDeadlock(t *testing.T) {
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	hw, _ := parse(t, "{name: a, fifo: {edges: {x.add: 1}}}", stopLayer)
	var dead *clock.Deadlock
	if _, err := Explain(context.Background(), NetworkSubject(hw, g), 3, nil); !errors.As(err, &dead) {
		t.Errorf("%v, want a deadlock", err)
	}
}

// TestWith: keys of a layer win over all that the file says of it, and change no other
// hardware.
func TestWith(t *testing.T) {
	hw, _ := parse(t, `{name: a, array: {pe: 2, simd: 3}, layers: {"a*": {array: {pe: 5}}, "a*[1]": {array: {simd: 7}}}}`, stopLayer)
	with, err := hw.With("a*[1]", "{array: {pe: 9}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   *configs.Hardware
		name string
		pe   int
	}{{with, "a*[1]", 9}, {with, "ab[1]", 5}, {with, "b", 2}, {hw, "a*[1]", 5}} {
		if a := c.of.Of(c.name).Array; a.PE != c.pe {
			t.Errorf("%s has %+v, want pe %d", c.name, a, c.pe)
		}
	}
	if _, err := hw.With("a", "{array: {pee: 9}}"); err == nil {
		t.Error("a key that there is not is none")
	}
}
