package wiring

import (
	"errors"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// End is what sources and sinks have in common.
type End struct {
	Stream  sched.Stream
	Pattern clock.Pattern // when it is open; not asked where a port is shared
	Share   clock.Share   // the port its beats go through; zero: one of its own
	Once    bool          // the beats of a frame come once, however many frames there are
}

// EndOf is the end that a block is, if it is one.
func EndOf(b pipeline.Block) (e End, ok bool) {
	switch b := b.(type) {
	case Source:
		return End(b), true
	case Sink:
		return End(b), true
	}
	return e, false
}

// Check checks the stream and what paces it.
func (e End) Check() error {
	if e.Share.Given() {
		return errors.Join(e.Stream.Check(), e.Share.Check())
	}
	if e.Pattern == nil {
		return errors.New("wiring: an end without a pattern")
	}
	return errors.Join(e.Stream.Check(), e.Pattern.Check())
}

// Repeats reports whether the pattern ever repeats itself.
func (e End) Repeats() bool { return e.Share.Given() || e.Pattern.Gate().Period() > 0 }

// AppendKey appends what paces it and the beats.
func (e End) AppendKey(dst []byte) []byte {
	if e.Share.Given() {
		dst = clock.AppendInts(e.Share.AppendKey(dst), BeatBytes(e.Stream))
	} else {
		dst = e.Pattern.AppendKey(dst)
	}
	return clock.AppendInts(clock.AppendFlag(dst, e.Once), e.Stream.Frame())
}

// Source is the outside world in front of a plan: it offers beats as its
// pattern allows.
type Source End

// Kind returns "source".
func (Source) Kind() string { return "source" }

// Streams is what the source offers.
func (s Source) Streams() (in, out []sched.Stream) { return nil, []sched.Stream{s.Stream} }

// Needs needs nothing.
func (Source) Needs([]int64) []int64 { return nil }

// Check checks the stream and what paces it.
func (s Source) Check() error { return End(s).Check() }

// Port is the port shared with other ends.
func (s Source) Port() clock.Share { return s.Share }

// Repeats reports whether the pattern ever repeats itself.
func (s Source) Repeats() bool { return End(s).Repeats() }

// Process makes the source.
func (s Source) Process(at clock.Ports) clock.Process {
	if s.Once {
		at.Frames = 1
	}
	if s.Share.Given() {
		return clock.NewReader(at, s.Kind(), s.Share, BeatBytes(s.Stream), s.Stream.Frame())
	}
	return clock.NewSource(at, s.Kind(), s.Pattern.Gate(), s.Stream.Frame())
}

// AppendKey appends what paces it and the beats.
func (s Source) AppendKey(dst []byte) []byte { return End(s).AppendKey(dst) }

// Sink is the outside world behind a plan: it takes beats as its pattern
// allows.
type Sink End

// Kind returns "sink".
func (Sink) Kind() string { return "sink" }

// Streams is what the sink takes.
func (s Sink) Streams() (in, out []sched.Stream) { return []sched.Stream{s.Stream}, nil }

// Needs needs every beat.
func (s Sink) Needs([]int64) []int64 { return []int64{s.Stream.Frame()} }

// Check checks the stream and what paces it.
func (s Sink) Check() error { return End(s).Check() }

// Port is the port shared with other ends.
func (s Sink) Port() clock.Share { return s.Share }

// Repeats reports whether the pattern ever repeats itself.
func (s Sink) Repeats() bool { return End(s).Repeats() }

// Process makes the sink.
func (s Sink) Process(at clock.Ports) clock.Process {
	if s.Once {
		at.Frames = 1
	}
	if s.Share.Given() {
		return clock.NewWriter(at, s.Kind(), s.Share, BeatBytes(s.Stream), s.Stream.Frame())
	}
	return clock.NewSink(at, s.Kind(), s.Pattern.Gate(), s.Stream.Frame())
}

// AppendKey appends what paces it and the beats.
func (s Sink) AppendKey(dst []byte) []byte { return End(s).AppendKey(dst) }

// BeatBytes are those that a beat takes at a shared port: whole ones.
func BeatBytes(s sched.Stream) int64 { return (int64(s.Bits()) + 7) / 8 }

// checkAll checks streams.
func checkAll(list ...sched.Stream) error {
	var wrong []error
	for _, s := range list {
		wrong = append(wrong, s.Check())
	}
	return errors.Join(wrong...)
}
