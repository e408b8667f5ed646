package wave

// Trace is a timeline of slices and counters, as viewers of what programs do show it. One
// time unit, a nanosecond, is a cycle.
type Trace interface {
	// Track begins the next track, numbered from 0. Tracks of one group follow each other.
	Track(t Track)
	// Slice puts a slice on a track.
	Slice(s Slice)
	// Count says what a counter's track shows from a time on. Times of a track never go
	// back.
	Count(track int, at, value int64)
	// Close ends the trace.
	Close() error
}

// Track is a row of the timeline.
type Track struct {
	Group, Name string
	Counter     bool
}

// Slice is something that goes on for a time.
type Slice struct {
	Track        int
	From, Until  int64
	Name         string
	Begins, Ends []uint64 // flows: arrows between slices
	Notes        []Note
}

// Note is a number that is shown with a slice.
type Note struct {
	Name  string
	Value int64
}
