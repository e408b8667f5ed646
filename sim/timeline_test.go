package sim

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/convsim/convsim/pipeline/clock"
)

// TestTimeline: of runs that skip periods, whole and in windows, the columns of a stage are
// what it does cycle by cycle when every beat is simulated, and so is in how many cycles
// a FIFO holds how much.
func TestTimeline(t *testing.T) {
	for _, c := range []struct {
		hardware, layer string
		frames          int
		span            Span
	}{
		{"edge-8x8", "digits_conv2", 60, Span{To: clock.Never}},
		{"edge-8x8", "digits_conv2", 60, Span{From: 1234, To: 15000}},
		{"edge-8x8", "digits_conv2", 9, Span{From: 100, To: 120}},
		{"bursty-8x8", "quantised_onnx", 5, Span{To: clock.Never}},
		{"parallel-4x16", "textbook_grouped", 4, Span{From: 77, To: clock.Never}},
		{"finn-like-8x8", "quantised_shift", 4, Span{To: clock.Never}},
	} {
		t.Run(c.hardware, func(t *testing.T) {
			d := shipped(t, c.hardware, c.layer)
			out, err := d.Run(context.Background(), nil, c.frames, Options{Timeline: &c.span})
			if err != nil {
				t.Fatal(err)
			}
			every, err := d.Run(context.Background(), nil, c.frames, Options{Record: true})
			if err != nil {
				t.Fatal(err)
			}
			l := out.Report.Timeline
			end := min(int64(c.span.To), out.Report.Cycles)
			if l.From != int64(c.span.From) || l.Until != end || len(l.Starts) == 0 || l.Starts[0] != l.From {
				t.Fatalf("cycles %d to %d, columns %v; want %d to %d", l.From, l.Until, l.Starts, c.span.From, end)
			}
			_, read := waveformOf(t, d, nil, c.frames, Waveform{To: clock.Never})
			for i, s := range out.Report.Stages {
				state := read.Each("convsim."+s.Name+".state", 0, 1, int(out.Report.Cycles))
				columnsAre(t, l, i, state)
			}
			for i, f := range l.FIFOs {
				held, sum := heldOf(every.Records[i], out.Report.Cycles), int64(0)
				want := make([]int64, len(f.Cycles))
				for _, n := range held[l.From:l.Until] {
					want[n]++
				}
				for n := range want {
					if sum += f.Cycles[n]; want[n] != f.Cycles[n] {
						t.Errorf("%s holds %d in %d cycles, want %d", f.Name, n, f.Cycles[n], want[n])
					}
				}
				if sum != l.Until-l.From {
					t.Errorf("%s: %d cycles of %d", f.Name, sum, l.Until-l.From)
				}
			}
		})
	}
}

// columnsAre holds the columns of a stage to what it does in every cycle.
func columnsAre(t *testing.T, l *Timeline, stage int, state []string) {
	t.Helper()
	s := l.Stages[stage]
	for i, from := range l.Starts {
		until := l.Until
		if i+1 < len(l.Starts) {
			until = l.Starts[i+1]
		}
		n := map[string]int64{}
		for _, v := range state[from:until] {
			n[v]++
		}
		if n["busy"] != s.Busy[i] || n["starved"] != s.Starved[i] || n["blocked"] != s.Blocked[i] ||
			n["throttled"]+n["turnaround"]+n["finished"] != s.Other[i] {
			t.Fatalf("%s, cycles %d to %d: %d %d %d %d, want %v", s.Name, from, until, s.Busy[i], s.Starved[i], s.Blocked[i], s.Other[i], n)
		}
	}
}

// TestTimelineText: lines fit a terminal, and each stage and FIFO has one.
func TestTimelineText(t *testing.T) {
	d := shipped(t, "edge-8x8", "digits_conv2")
	out, err := d.Run(context.Background(), nil, 5, Options{Timeline: &Span{To: clock.Never}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.Report.Timeline.WriteText(&b, false); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"  array       ▄██", "  source.pad        0 ▂▁█ 2 ", "cycles 0 to 1,460"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if got := level(0, 5) + level(1, 100) + level(50, 100) + level(51, 100) + level(7, 7); got != " ▁▄▅█" {
		t.Errorf("levels %q", got)
	}
}
