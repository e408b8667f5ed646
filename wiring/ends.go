package wiring

import (
	"errors"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// Source is the outside world in front of a plan: it offers beats as its
// pattern allows.
type Source struct {
	Stream  sched.Stream
	Pattern clock.Pattern
}

// Kind returns "source".
func (Source) Kind() string { return "source" }

// Streams is what the source offers.
func (s Source) Streams() (in, out []sched.Stream) { return nil, []sched.Stream{s.Stream} }

// Needs needs nothing.
func (Source) Needs([]int64) []int64 { return nil }

// Check checks the stream and the pattern.
func (s Source) Check() error { return checkEnd(s.Stream, s.Pattern) }

// Repeats reports whether the pattern ever repeats itself.
func (s Source) Repeats() bool { return s.Pattern.Gate().Period() > 0 }

// Process makes the source.
func (s Source) Process(at clock.Ports) clock.Process {
	return clock.NewSource(at, s.Kind(), s.Pattern.Gate(), s.Stream.Frame())
}

// AppendKey appends the pattern and the beats.
func (s Source) AppendKey(dst []byte) []byte {
	return clock.AppendInts(s.Pattern.AppendKey(dst), s.Stream.Frame())
}

// Sink is the outside world behind a plan: it takes beats as its pattern
// allows.
type Sink struct {
	Stream  sched.Stream
	Pattern clock.Pattern
}

// Kind returns "sink".
func (Sink) Kind() string { return "sink" }

// Streams is what the sink takes.
func (s Sink) Streams() (in, out []sched.Stream) { return []sched.Stream{s.Stream}, nil }

// Needs needs every beat.
func (s Sink) Needs([]int64) []int64 { return []int64{s.Stream.Frame()} }

// Check checks the stream and the pattern.
func (s Sink) Check() error { return checkEnd(s.Stream, s.Pattern) }

// Repeats reports whether the pattern ever repeats itself.
func (s Sink) Repeats() bool { return s.Pattern.Gate().Period() > 0 }

// Process makes the sink.
func (s Sink) Process(at clock.Ports) clock.Process {
	return clock.NewSink(at, s.Kind(), s.Pattern.Gate(), s.Stream.Frame())
}

// AppendKey appends the pattern and the beats.
func (s Sink) AppendKey(dst []byte) []byte {
	return clock.AppendInts(s.Pattern.AppendKey(dst), s.Stream.Frame())
}

func checkEnd(s sched.Stream, p clock.Pattern) error {
	if p == nil {
		return errors.New("wiring: an end without a pattern")
	}
	return errors.Join(s.Check(), p.Check())
}

// checkAll checks streams.
func checkAll(list ...sched.Stream) error {
	var wrong []error
	for _, s := range list {
		wrong = append(wrong, s.Check())
	}
	return errors.Join(wrong...)
}
