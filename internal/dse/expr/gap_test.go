package expr_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/dse/expr"
)

// TestGaps: what is named, with its numbers, is what keeps the condition from being true, and nothing else.
func TestGaps(t *testing.T) {
	names, err := expr.NewNames(expr.Name{Name: "dsp", Type: expr.Number}, expr.Name{Name: "fps", Type: expr.Number},
		expr.Name{Name: "style", Type: expr.String}, expr.Name{Name: "overlap", Type: expr.Bool}, expr.Name{Name: "fits", Type: expr.Bool},
		expr.Name{Name: "unknown", Type: expr.Number})
	if err != nil {
		t.Fatal(err)
	}
	values := []expr.Value{expr.NumberValue(110), expr.NumberValue(20), expr.StringValue("serial"), expr.BoolValue(true), expr.BoolValue(false), {}}
	fits, err := expr.CompileAs(expr.Bool, "dsp <= 90 && fps <= 90", names)
	if err != nil {
		t.Fatal(err)
	}
	expand := func(slot int) *expr.Program {
		if slot == 4 {
			return fits
		}
		return nil
	}
	dsp := expr.Gap{Text: "dsp <= 100", Left: "dsp", Right: "100", Is: 110, Limit: 100, Known: true}
	fps := expr.Gap{Text: "fps >= 30", Left: "fps", Right: "30", Is: 20, Limit: 30, Known: true}
	for text, want := range map[string][]expr.Gap{
		"dsp <= 200":                           nil,
		"dsp<=100":                             {dsp},
		"dsp <= 100 && fps >= 30":              {dsp, fps},
		"dsp <= 100 && fps >= 10":              {dsp},
		"fps >= 30 || dsp <= 100":              {dsp}, // the nearer
		"!(dsp > 100)":                         {dsp},
		"!(dsp > 100 || fps < 30)":             {dsp, fps},
		"!(dsp > 100 && fps < 30)":             {dsp},
		"overlap ? dsp <= 100 : true":          {dsp},
		"!overlap":                             {{Text: "!overlap", Known: true}},
		"style == 'parallel'":                  {{Text: `style == "parallel"`, Known: true}},
		"overlap == false":                     {{Text: "overlap == false", Known: true}},
		"fits":                                 {{Text: "dsp <= 90", Left: "dsp", Right: "90", Is: 110, Limit: 90, Known: true}},
		"unknown > 3 && fps >= 30":             {{Text: "unknown > 3", Left: "unknown", Right: "3"}, fps},
		"dsp / 2 == 50":                        {{Text: "dsp / 2 == 50", Left: "dsp / 2", Right: "50", Is: 55, Limit: 50, Known: true}},
		"unknown > 3 || dsp <= 100":            {dsp},
		"(style != 'serial') || !(fps >= 10)":  {{Text: "fps < 10", Left: "fps", Right: "10", Is: 20, Limit: 10, Known: true}},
		"fps / (dsp - 110) > 3 && dsp <= 100 ": {{Text: "fps / (dsp - 110) > 3", Left: "fps / (dsp - 110)", Right: "3"}, dsp},
	} {
		p, err := expr.CompileAs(expr.Bool, text, names)
		if err != nil {
			t.Fatal(err)
		}
		got := p.Gaps(values, expand)
		for i := range got {
			if !got[i].Known {
				got[i].Is, got[i].Limit = 0, 0
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
	if by, share := dsp.Miss(); by != 10 || math.Abs(share-1.0/11) > 1e-12 {
		t.Errorf("misses by %v, %v", by, share)
	}
}
