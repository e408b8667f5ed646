package results

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/search"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/template"
)

// Sweep is a definition made ready to judge rows: what a folder of results holds besides them.
type Sweep struct {
	Definition definition.Definition
	Text       []byte // of the sweep file
	Axes       *space.Space
	Template   *template.Template // the text of every hardware
	Judge      *judge.Judge
}

// Points is the largest number of points the strategy asks for.
func (s *Sweep) Points() int64 {
	points, err := s.Plan().Points(s.Axes)
	if err != nil {
		panic("results: " + err.Error())
	}
	return points
}

// Plan is how its points are chosen.
func (s *Sweep) Plan() search.Plan { return s.Definition.Strategy.Plan(len(s.Definition.Objectives)) }

// Key is the hash of everything that decides a point; base is the hash of what all of them share.
func (s *Sweep) Key(base string, values []space.Value) string {
	text := []byte(base)
	for i, name := range s.Axes.Names() {
		text = append(append(append(text, 0), name...), 0, byte(values[i].Kind()))
		text = values[i].Append(text)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// ReasonBroken names the constraints that fail.
func (s *Sweep) ReasonBroken(broken []int) string {
	texts := make([]string, len(broken))
	for i, b := range broken {
		texts[i] = s.Definition.Constraints[b]
	}
	return strings.Join(texts, "; ")
}

// parameters are those of a row by key.
func (s *Sweep) parameters(row *journal.Row) map[string]any {
	out := map[string]any{}
	for i, key := range s.Axes.Names() {
		out[key] = row.Values[i].Any()
	}
	return out
}
