package dse

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/convsim/convsim/dse/expr"
	"github.com/convsim/convsim/dse/metric"
	"github.com/convsim/convsim/dse/space"
	"github.com/convsim/convsim/dse/template"
)

// evaluator evaluates points. It is safe for concurrent use.
type evaluator struct {
	sweep    *Sweep
	layers   []layerUse
	paces    *paces
	composer *template.Composer                        // nil where the text of every hardware has to be read
	base     string                                    // hash of what all points share
	prune    *pruner                                   // nil for none
	cache    func(index int64, key string) (Row, bool) // rows known already
}

func newEvaluator(s *Sweep) *evaluator {
	return &evaluator{
		sweep:    s,
		layers:   distinctLayers(s.layers, s.Definition.Layers),
		paces:    newPaces(),
		composer: template.NewComposer(s.Definition.Hardware, s.space),
		base:     s.Definition.base(),
		cache:    func(int64, string) (Row, bool) { return Row{}, false },
	}
}

// key is the hash of everything that decides a point; base is the hash of what all of them share.
func (s *Sweep) key(base string, values []space.Value) string {
	text := []byte(base)
	for i, name := range s.space.Names() {
		text = append(append(append(text, 0), name...), 0, byte(values[i].Kind()))
		text = values[i].Append(text)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// evaluate returns the row of a point, and whether it was known already.
func (e *evaluator) evaluate(index int64) (row Row, reused bool) {
	p, err := e.prepare(index)
	row = Row{Index: index, Key: e.sweep.key(e.base, p.values), Values: p.values, Metrics: metric.Unknown()}
	if err != nil {
		row.Status, row.Reason = Illegal, template.OneLine(err)
		return row, false
	}
	static := e.static(p)
	if e.prune != nil {
		if reason, broken := e.prune.reason(p, static); reason != "" {
			row.Status, row.Reason = Pruned, reason
			if broken {
				row.Metrics = static
			}
			return row, false
		}
	}
	if known, hit := e.cache(index, row.Key); hit {
		row.Status, row.Reason, row.Metrics = known.Status, known.Reason, known.Metrics
		return row, true
	}
	e.finish(&row, p, static)
	return row, false
}

// finish runs the time plane.
func (e *evaluator) finish(row *Row, p *point, static metric.Values) {
	if err := e.time(&static, p); err != nil {
		row.Status, row.Reason = Failed, template.OneLine(err)
		return
	}
	row.Status, row.Metrics = OK, static
}

// reasonBroken names the constraints that fail.
func (s *Sweep) reasonBroken(broken []int) string {
	texts := make([]string, len(broken))
	for i, b := range broken {
		texts[i] = s.Definition.Constraints[b]
	}
	return strings.Join(texts, "; ")
}

// environment is the values of all names at a point.
func (e *evaluator) environment(p *point, m *metric.Values) []expr.Value {
	return e.sweep.judge.environment(p.values, m)
}
