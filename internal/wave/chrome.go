package wave

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Chrome writes the trace event format of Chrome: JSON, an event a line.
type Chrome struct {
	w      *bufio.Writer
	tracks []Track
	groups []int // of tracks, as processes
	any    bool
	failed error
}

// NewChrome writes the head of a trace.
func NewChrome(w io.Writer, comment string) *Chrome {
	c := &Chrome{w: bufio.NewWriter(w)}
	about, err := json.Marshal(map[string]string{"about": comment})
	c.failed = err
	fmt.Fprintf(c.w, `{"displayTimeUnit":"ns","otherData":%s,"traceEvents":[`, about)
	return c
}

// event is one of the format. Times are in microseconds.
type event struct {
	Phase   string         `json:"ph"`
	Name    string         `json:"name"`
	Process int            `json:"pid"`
	Thread  int            `json:"tid"`
	At      json.Number    `json:"ts,omitempty"`
	Length  json.Number    `json:"dur,omitempty"`
	Kind    string         `json:"cat,omitempty"`
	ID      uint64         `json:"id,omitempty"`
	Binding string         `json:"bp,omitempty"`
	Notes   map[string]any `json:"args,omitempty"`
}

func (c *Chrome) write(e event) {
	text, err := json.Marshal(e)
	if err != nil && c.failed == nil {
		c.failed = err
	}
	if c.any {
		c.w.WriteByte(',')
	}
	c.any = true
	c.w.WriteByte('\n')
	c.w.Write(text)
}

// Track begins a track: a thread, of a process a group.
func (c *Chrome) Track(t Track) {
	n, group := len(c.tracks), 1
	if n > 0 {
		group = c.groups[n-1]
	}
	if n > 0 && c.tracks[n-1].Group != t.Group {
		group++
	}
	c.tracks, c.groups = append(c.tracks, t), append(c.groups, group)
	if n == 0 || group != c.groups[n-1] {
		c.write(event{Phase: "M", Name: "process_name", Process: group, Notes: map[string]any{"name": t.Group}})
		c.write(event{Phase: "M", Name: "process_sort_index", Process: group, Notes: map[string]any{"sort_index": group}})
	}
	if !t.Counter {
		c.write(event{Phase: "M", Name: "thread_name", Process: group, Thread: n + 1, Notes: map[string]any{"name": t.Name}})
		c.write(event{Phase: "M", Name: "thread_sort_index", Process: group, Thread: n + 1, Notes: map[string]any{"sort_index": n}})
	}
}

// micro writes cycles, of a nanosecond each, as microseconds.
func micro(cycles int64) json.Number {
	return json.Number(fmt.Sprintf("%d.%03d", cycles/1000, cycles%1000))
}

// Slice writes a complete event, and its arrows.
func (c *Chrome) Slice(s Slice) {
	e := event{Phase: "X", Name: s.Name, Process: c.groups[s.Track], Thread: s.Track + 1, At: micro(s.From), Length: micro(s.Until - s.From), Kind: "cycles"}
	for _, n := range s.Notes {
		if e.Notes == nil {
			e.Notes = map[string]any{}
		}
		e.Notes[n.Name] = n.Value
	}
	c.write(e)
	arrow := event{Name: "frame", Process: e.Process, Thread: e.Thread, At: e.At, Kind: "frame"}
	for _, id := range s.Begins {
		arrow.Phase, arrow.ID = "s", id
		c.write(arrow)
	}
	for _, id := range s.Ends {
		arrow.Phase, arrow.ID, arrow.Binding = "f", id, "e"
		c.write(arrow)
	}
}

// Count writes a counter event.
func (c *Chrome) Count(track int, at, value int64) {
	c.write(event{Phase: "C", Name: c.tracks[track].Name, Process: c.groups[track], Thread: track + 1, At: micro(at), Notes: map[string]any{"beats": value}})
}

// Close ends the file.
func (c *Chrome) Close() error {
	fmt.Fprint(c.w, "\n]}\n")
	if err := c.w.Flush(); c.failed == nil {
		c.failed = err
	}
	return c.failed
}
