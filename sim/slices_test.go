package sim

import (
	"context"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
)

// told is a trace that keeps what it is told.
type told struct {
	tracks []wave.Track
	slices map[string][]wave.Slice // by track
	counts map[string][][2]int64
	closed bool
}

func (t *told) Track(track wave.Track) { t.tracks = append(t.tracks, track) }

func (t *told) Slice(s wave.Slice) {
	name := t.tracks[s.Track].Name
	t.slices[name] = append(t.slices[name], s)
}

func (t *told) Count(track int, at, value int64) {
	name := t.tracks[track].Name
	t.counts[name] = append(t.counts[name], [2]int64{at, value})
}

func (t *told) Close() error {
	t.closed = true
	return nil
}

// timelineOf runs a shipped design and keeps its timeline.
func timelineOf(t *testing.T, d *Design, frames int, w Waveform) (*Outcome, *told) {
	t.Helper()
	kept := &told{slices: map[string][]wave.Slice{}, counts: map[string][][2]int64{}}
	w.Write = func(play func(probe.Form) error) error { return play(probe.Slices(kept)) }
	out, err := d.Run(context.Background(), nil, frames, Options{Wave: &w})
	if err != nil {
		t.Fatal(err)
	}
	if !kept.closed {
		t.Error("the trace was not closed")
	}
	return out, kept
}

// TestSlices: the slices of a stage follow each other without a gap and sum to the report,
// with those of skipped periods; counters are what FIFOs hold; and every frame goes in
// and comes out when the run says, with an arrow from one to the other.
func TestSlices(t *testing.T) {
	for _, c := range []struct {
		hardware, layer string
		frames          int
	}{{"edge-8x8", "digits_conv2", 60}, {"bursty-8x8", "quantised_onnx", 9}, {"parallel-4x16", "textbook_pointwise", 2}} {
		t.Run(c.hardware, func(t *testing.T) {
			d := shipped(t, c.hardware, c.layer)
			out, kept := timelineOf(t, d, c.frames, Waveform{To: clock.Never})
			skipped := false
			for _, s := range out.Report.Stages {
				sums := map[string]int64{}
				at := int64(0)
				for _, slice := range kept.slices[s.Name] {
					if slice.From != at || slice.Until <= at {
						t.Fatalf("%s: %+v after cycle %d", s.Name, slice, at)
					}
					at = slice.Until
					sums[slice.Name] += slice.Until - slice.From
					for _, n := range slice.Notes {
						skipped = true
						sums[n.Name] += n.Value
					}
				}
				if at != out.Report.Cycles || sums["busy"] != s.Busy || sums["starved"] != s.Starved || sums["blocked"] != s.Blocked ||
					sums["throttled"]+sums["turnaround"]+sums["finished"] != s.Other {
					t.Errorf("%s: %v up to %d, the report says %+v", s.Name, sums, at, s)
				}
			}
			if out.Time.Skipped > 0 && !skipped {
				t.Error("fast-forward skipped periods, no slice says so")
			}
			every, err := d.Run(context.Background(), nil, c.frames, Options{Record: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range out.Report.FIFOs {
				if f.Depth == 0 {
					continue
				}
				held := heldOf(every.Records[i], out.Report.Cycles)
				counts := kept.counts["fill "+f.Name]
				for _, c := range counts {
					if held[c[0]] != c[1] {
						t.Fatalf("%s holds %d in cycle %d, shown is %d", f.Name, held[c[0]], c[0], c[1])
					}
				}
				if len(counts) < 2 {
					t.Errorf("%s: %d counts", f.Name, len(counts))
				}
			}
			framesShown(t, out, kept)
		})
	}
}

// TestSlicesOfWindows: in a window, slices follow each other from its first cycle to its
// last, those of skipped periods too.
func TestSlicesOfWindows(t *testing.T) {
	d := shipped(t, "edge-8x8", "digits_conv2")
	for _, w := range []Waveform{{From: 100, To: 900}, {From: 3000, To: 16000}, {From: 17000, To: clock.Never}} {
		out, kept := timelineOf(t, d, 60, w)
		end := min(int64(w.To), out.Report.Cycles)
		for _, s := range out.Report.Stages {
			at, inside := int64(w.From), int64(0)
			for _, slice := range kept.slices[s.Name] {
				if slice.From != at {
					t.Fatalf("%s: %+v after cycle %d", s.Name, slice, at)
				}
				at = slice.Until
				for _, n := range slice.Notes[min(2, len(slice.Notes)):] {
					inside += n.Value
				}
				if len(slice.Notes) > 0 {
					inside -= slice.Until - slice.From
				}
			}
			if at != end || inside != 0 {
				t.Errorf("%s: up to %d of %d, %d cycles of periods too many", s.Name, at, end, inside)
			}
		}
	}
}

// heldOf is how much a FIFO holds at the start of every cycle.
func heldOf(r clock.EdgeRecord, cycles int64) []int64 {
	held := make([]int64, cycles+1)
	for n, sign := range map[*clock.Trace]int64{r.In: 1, r.Out: -1} {
		for _, s := range n.Spans {
			for at := s.First; at <= min(s.Last, clock.Cycle(cycles-1)); at++ {
				held[at+1] += sign
			}
		}
	}
	for i := range cycles {
		held[i+1] += held[i]
	}
	return held[:cycles]
}

func framesShown(t *testing.T, out *Outcome, kept *told) {
	t.Helper()
	arrows := map[uint64]int{}
	for name, times := range map[string][]clock.FrameTimes{"frames into source": out.Time.Sources[0], "frames out of sink": out.Time.Sinks[0]} {
		slices := kept.slices[name]
		if len(slices) != len(times) {
			t.Fatalf("%s: %d slices, %d frames", name, len(slices), len(times))
		}
		for i, s := range slices {
			if s.From != int64(times[i].First) || s.Until != int64(times[i].Last+1) {
				t.Errorf("%s: %+v, want %+v", name, s, times[i])
			}
			for _, id := range s.Begins {
				arrows[id]++
			}
			for _, id := range s.Ends {
				arrows[id] += 10
			}
		}
	}
	if len(arrows) != len(out.Time.Sinks[0]) {
		t.Errorf("%d arrows of %d frames", len(arrows), len(out.Time.Sinks[0]))
	}
	for id, n := range arrows {
		if n != 11 {
			t.Errorf("arrow %d does not lead from one slice to another", id)
		}
	}
}

// TestSignalsOfWindows: a window shows of a stage what the whole does in those cycles.
func TestSignalsOfWindows(t *testing.T) {
	d := shipped(t, "edge-8x8", "digits_conv2")
	whole := causesOf(t, d, Waveform{To: clock.Never})
	for _, w := range []Waveform{{From: 100, To: 900}, {From: 3000, To: 16000}, {From: 17000, To: clock.Never}} {
		part := causesOf(t, d, w)
		for stage, text := range part {
			if want := whole[stage][w.From:min(int(w.To), len(whole[stage]))]; text != want {
				t.Errorf("cycles %d to %d of %s differ from those of the whole", w.From, w.To, stage)
			}
		}
	}
}

// causesOf writes out what stages do, a letter a cycle, as signals show it.
func causesOf(t *testing.T, d *Design, w Waveform) map[string]string {
	t.Helper()
	out, read := waveformOf(t, d, nil, 60, w)
	all := map[string]string{}
	end := min(int64(w.To), out.Report.Cycles)
	for _, s := range out.Report.Stages {
		var b strings.Builder
		for _, state := range read.Each("convsim."+s.Name+".state", int64(w.From), 1, int(end-int64(w.From))) {
			b.WriteByte(state[0])
		}
		all[s.Name] = b.String()
	}
	return all
}
