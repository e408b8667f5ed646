package results

import "github.com/convsim/convsim/internal/dse/journal"

// Counts are the points of a run by what became of them. Of those, Reused were known from an earlier version.
type Counts struct {
	OK      int64 `json:"ok"`
	Illegal int64 `json:"illegal"`
	Failed  int64 `json:"failed"`
	Pruned  int64 `json:"pruned"`
	Reused  int64 `json:"reused"`
}

// Add counts a point.
func (c *Counts) Add(s journal.Status) {
	switch s {
	case journal.OK:
		c.OK++
	case journal.Illegal:
		c.Illegal++
	case journal.Failed:
		c.Failed++
	case journal.Pruned:
		c.Pruned++
	}
}
