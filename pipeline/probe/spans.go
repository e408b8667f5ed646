package probe

import (
	"cmp"
	"slices"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline/clock"
)

// tracks are what spans go on beside each other, in the order of their first ones.
func tracks(spans []Span) (list []string) {
	for _, s := range spans {
		if !slices.Contains(list, s.Track) {
			list = append(list, s.Track)
		}
	}
	return list
}

// change is a value that a signal takes.
type change struct {
	at     clock.Cycle
	signal int
	value  []byte
}

// none is what a track shows between its spans.
const none = "none"

// spanSignals are the signals of spans, one a track, and how they change.
func spanSignals(p *Probe) (signals []wave.Signal, all []change) {
	for i, track := range tracks(p.options.Spans) {
		var spans []Span
		names := []string{none}
		for _, s := range p.options.Spans {
			if s.Track == track {
				spans, names = append(spans, s), append(names, s.Name)
			}
		}
		words := wave.Words(names)
		all = append(all, change{p.options.From, i, []byte(none)})
		for k, s := range spans {
			if s.Until <= p.options.From {
				continue
			}
			all = append(all, change{max(s.From, p.options.From), i, []byte(words[k+1])})
			if k+1 == len(spans) || spans[k+1].From > s.Until {
				all = append(all, change{s.Until, i, []byte(none)})
			}
		}
		slices.Sort(words)
		words = slices.Compact(words)
		signals = append(signals, wave.Signal{Scope: []string{"convsim", "run"}, Name: track, Words: words})
	}
	slices.SortStableFunc(all, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	return signals, all
}

// spanSlices shows spans as slices, a track each.
func (f *timeline) spanSlices(p *Probe) {
	for _, name := range tracks(p.options.Spans) {
		track := f.track("run", name, false)
		for _, s := range p.options.Spans {
			from, until := max(s.From, p.options.From), min(s.Until, p.end)
			if s.Track == name && from < until {
				f.w.Slice(wave.Slice{Track: track, From: int64(from), Until: int64(until), Name: s.Name})
			}
		}
	}
}
