package sim

import (
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
)

// turns are the machines of all steps, each at work when it is that step's turn.
func (l *Layerwise) turns(out *LayerwiseOutcome, how clock.Options) (list []turn) {
	at := out.First
	for i, s := range out.Steps {
		t := only(s.Plan, how, s.Time, nil)
		t.Layer, t.Start = l.Steps[i].Name(), at+s.Load
		list = append(list, t)
		at += s.Cycles()
	}
	return list
}

// The tracks of what goes on beside the machines.
const (
	turnTrack = "layer"     // whose turn it is
	loadTrack = "constants" // whose constants are loaded
)

// spans are whose turn it is, and whose constants are loaded from the DRAM: before a
// layer, when nothing else is done, or beside the one before it.
func (l *Layerwise) spans(out *LayerwiseOutcome) (list []probe.Span) {
	at := out.First
	for i, s := range out.Steps {
		list = append(list, probe.Span{Track: turnTrack, Name: l.Steps[i].Name(), From: at, Until: at + s.Cycles()})
		at += s.Cycles()
	}
	load := func(step int, from, until clock.Cycle) {
		if from < until {
			list = append(list, probe.Span{Track: loadTrack, Name: l.Steps[step].Name(), From: from, Until: until})
		}
	}
	load(0, 0, out.First)
	at = out.First
	for i, s := range out.Steps {
		load(i, at, at+s.Load)
		if l.Hardware.DRAM.Overlap && i+1 < len(l.Steps) && l.Steps[i+1].Constants > 0 {
			beside := len(s.Time.Sources) - 1 // behind the ends of the step itself
			load(i+1, at+s.Time.Sources[beside][0].First, at+s.Time.Sinks[len(s.Time.Sinks)-1][0].Last+1)
		}
		at += s.Cycles()
	}
	return list
}
