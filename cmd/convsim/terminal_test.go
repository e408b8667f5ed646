package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
	"github.com/convsim/convsim/sim"
)

// terminal opens a pseudo-terminal, where the system has any.
func terminal(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil || !isTerminal(f) {
		t.Skip("no terminal to be had")
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestColourOnTerminalsOnly, and not there either when NO_COLOR says so.
func TestColourOnTerminalsOnly(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if colour(&bytes.Buffer{}) {
		t.Error("colour in a buffer")
	}
	tty := terminal(t)
	if !colour(tty) {
		t.Error("no colour on a terminal")
	}
	t.Setenv("TERM", "dumb")
	if colour(tty) || newBar(tty, "layer").on {
		t.Error("colour or a bar on a dumb terminal")
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "1")
	if colour(tty) {
		t.Error("colour in spite of NO_COLOR")
	}
}

// TestBar: drawn on a terminal only, not at once, and cleared without a trace.
func TestBar(t *testing.T) {
	var talk bytes.Buffer
	quiet := newBar(&talk, "layer")
	quiet.next = time.Time{}
	quiet.show(1, 2)
	quiet.clear()
	if talk.Len() > 0 {
		t.Errorf("a bar in a buffer: %q", talk.String())
	}

	b := newBar(&talk, strings.Repeat("ö", 100))
	b.on = true
	b.show(1, 3)
	if talk.Len() > 0 {
		t.Errorf("drawn at once: %q", talk.String())
	}
	b.next = time.Time{}
	b.show(1, 3)
	b.show(2, 3) // too soon after the first
	drawn := talk.String()
	want := "\r" + strings.Repeat("ö", barName-1) + "… [==========                    ]  33 %      "
	if drawn != want {
		t.Errorf("got  %q\nwant %q", drawn, want)
	}
	talk.Reset()
	b.clear()
	b.clear()
	if got, want := len(talk.String()), len([]rune(drawn))+1; got < want || strings.Trim(talk.String(), "\r ") != "" || strings.Count(talk.String(), "\r") != 2 {
		t.Errorf("cleared with %q, want %d characters or more", talk.String(), want)
	}
}

// TestInterruptedBeforehand: a run that is cancelled says so and nothing else.
func TestInterruptedBeforehand(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, talk bytes.Buffer
	code := Main(ctx, []string{"run", "--hw", "../../configs/hardware/edge-8x8.yaml", "--layer", "../../configs/layers/reflect.yaml"},
		streams{out: &out, err: &talk})
	if code != exitInterrupted || out.Len() > 0 || talk.String() != "convsim: interrupted\n" {
		t.Errorf("code %d, %q, %q", code, out.String(), talk.String())
	}
}

// TestLongWorkTalks: on a terminal every phase of a run says how far it is, and leaves no trace.
func TestLongWorkTalks(t *testing.T) {
	hw, layer := loadShipped(t)
	var talk bytes.Buffer
	b := newBar(&talk, "demo")
	b.on = true
	seen := map[string]bool{}
	var o sim.Options
	b.watch(&o)
	for name, phase := range map[string]*func(int, int){"values": &o.Progress, "check": &o.Checking} {
		tell := *phase
		*phase = func(done, total int) {
			b.next = time.Time{}
			seen[name] = true
			tell(done, total)
		}
	}
	for name, phase := range map[string]*func(int64, int64){"time": &o.Timing, "wave": &o.Drawing} {
		tell := *phase
		*phase = func(done, total int64) {
			b.next = time.Time{}
			seen[name] = true
			tell(done, total)
		}
	}
	o.EveryBeat, o.Naive, o.Frames = true, true, 3000
	o.Wave = &sim.Waveform{To: clock.Never, NoData: true, Write: func(play func(probe.Form) error) error {
		return play(probe.Signals(func(s []wave.Signal, _, _ int64) wave.Writer { return wave.NewVCD(io.Discard, "", s) }))
	}}
	if _, err := sim.Run(t.Context(), hw, layer, o); err != nil {
		t.Fatal(err)
	}
	b.clear()
	for _, phase := range []string{"time", "values", "wave", "check"} {
		if !seen[phase] {
			t.Errorf("nothing was heard of %s", phase)
		}
	}
	if text := talk.String(); !strings.Contains(text, " % check") || !strings.Contains(text, " % wave") || !strings.HasSuffix(text, " \r") {
		t.Errorf("%q", text)
	}
}

// loadShipped is the demo.
func loadShipped(t *testing.T) (*configs.Hardware, *configs.Layer) {
	t.Helper()
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.LoadLayer("digits_conv2")
	if err != nil {
		t.Fatal(err)
	}
	return hw, layer
}
