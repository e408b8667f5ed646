package results

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
)

// wanted is what a choice makes small or large.
type wanted struct {
	*expr.Program
	definition.Objective
	stated bool // by the choice or by the sweep, else it is a guess
}

// directions are how a choice overrides the direction of the sweep.
var directions = []struct {
	prefix   string
	maximize bool
}{{"max:", true}, {"min:", false}}

// otherSpellings are how else people say that something is to be made large or small: before it, and behind it.
var otherSpellings = [2]*regexp.Regexp{
	regexp.MustCompile(`(?i)^[\s{"']*` + directionWord + `[\s:=("']+(?P<expr>.+?)[\s}"')]*$`),
	regexp.MustCompile(`(?i)^(?P<expr>.+?)[\s:=,]+` + directionWord + `$`),
}

const directionWord = `(?P<word>max|min|high|low|larg|small|great|least|most)(?:imum|im[iu][sz](?:e|ing)|imal|est|er|)`

// wanted compiles what a choice names: max:EXPR, min:EXPR, or EXPR in the direction that the sweep has for it.
func (f *folder) wanted(text string) (wanted, []error) {
	stated, rest := false, text
	var maximize bool
	for _, d := range directions {
		if after, ok := strings.CutPrefix(strings.TrimSpace(text), d.prefix); ok {
			stated, maximize, rest = true, d.maximize, after
		}
	}
	p, errs := f.compileAs("objective", expr.Number, rest)
	if len(errs) > 0 {
		if right := f.respelled(text); right != "" && !stated {
			errs = []error{fmt.Errorf("objective %q: a direction is written otherwise here; allowed: --objective %q", text, right)}
		}
		return wanted{}, errs
	}
	w := wanted{Program: p, Objective: definition.Objective{Expr: p.String(), Maximize: maximize}, stated: stated}
	if !stated {
		errs = f.natural(&w)
	}
	return w, errs
}

// respelled is what to write for another spelling of a direction, nothing if it is none.
func (f *folder) respelled(text string) string {
	for _, spelling := range otherSpellings {
		m := spelling.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		what := m[spelling.SubexpIndex("expr")]
		if _, errs := f.compileAs("", expr.Number, what); len(errs) > 0 {
			continue
		}
		switch strings.ToLower(m[spelling.SubexpIndex("word")]) {
		case "max", "high", "larg", "great", "most":
			return "max:" + what
		}
		return "min:" + what
	}
	return ""
}

// natural finds the direction in which the sweep has the expression, or the one in which such a metric is better.
func (f *folder) natural(w *wanted) []error {
	for _, o := range f.sweep.Judge.Objectives {
		if o.Program.String() != w.Expr {
			continue
		}
		if w.stated && o.Maximize != w.Maximize {
			return []error{fmt.Errorf("objective %s: the sweep has it both ways; allowed: max:%s or min:%s", w.Expr, w.Expr, w.Expr)}
		}
		w.stated, w.Maximize = true, o.Maximize
	}
	if w.stated {
		return nil
	}
	if i := f.sweep.Judge.Names.MetricOf(judge.Program{Program: w.Program}); i >= 0 {
		w.stated, w.Maximize = true, metric.Table[i].Bounds == metric.AtMost // rates: all others cost
	}
	return nil
}

// words say what was chosen, such as largest fps.
func (w *wanted) words() string {
	if w.Maximize {
		return "largest " + w.Expr
	}
	return "smallest " + w.Expr
}

// guess says that no one has stated the direction, and how to.
func (w *wanted) guess() string {
	if w.stated {
		return ""
	}
	return fmt.Sprintf("chosen by the smallest %s; for the largest write max:%s", w.Expr, w.Expr)
}
