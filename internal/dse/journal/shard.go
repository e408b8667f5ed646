package journal

import "fmt"

// Shard is one of Count parts of a sweep, Index from 1. The zero value is the whole.
type Shard struct {
	Index int `json:"index"`
	Count int `json:"count"`
}

// String is the shard as the command line takes it.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

// Has says whether the point at a position of the strategy is the shard's.
func (s Shard) Has(position int64) bool {
	return s.Count == 0 || position%int64(s.Count) == int64(s.Index-1)
}

// Words name the part.
func (s Shard) Words() string {
	if s.Count == 0 {
		return "the whole"
	}
	return "shard " + s.String()
}

// Share is how many of so many points a shard has.
func (s Shard) Share(total int64) int64 {
	if s.Count == 0 {
		return total
	}
	return (total + int64(s.Count) - int64(s.Index)) / int64(s.Count)
}
