package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func checkExpressions(t *testing.T, b *browser, data Data) {
	number := func(name string) func(i int) float64 {
		for _, c := range append(append([]Column{}, data.Parameters...), data.Metrics...) {
			if c.Name == name {
				return func(i int) float64 { return c.Numbers[i] }
			}
		}
		t.Fatalf("no column %s", name)
		return nil
	}
	dsp, pe, simd, fps := number("dsp"), number("array.pe"), number("array.simd"), number("fps")
	style, overlap := data.Parameters[3].Strings, data.Parameters[4].Bools
	holds := map[string]func(i int) bool{
		"true":                                     func(int) bool { return true },
		"array.pe * array.simd == 64":              func(i int) bool { return pe(i)*simd(i) == 64 },
		"array.pe + 2 * array.simd == 20 / 2":      func(i int) bool { return pe(i)+2*simd(i) == 10 },
		"64 / array.pe / 4 < 2":                    func(i int) bool { return 64/pe(i)/4 < 2 },
		"64 - array.pe - 4 < 2":                    func(i int) bool { return 64-pe(i)-4 < 2 },
		"array.pe % 3 == 1":                        func(i int) bool { return math.Mod(pe(i), 3) == 1 },
		"-array.pe < -.5e1":                        func(i int) bool { return -pe(i) < -5 },
		"fps >= 30 && dsp <= 2 || dsp > 1000":      func(i int) bool { return fps(i) >= 30 && dsp(i) <= 2 || dsp(i) > 1000 },
		"fps >= 30 && (dsp <= 2 || dsp > 1000)":    func(i int) bool { return fps(i) >= 30 && (dsp(i) <= 2 || dsp(i) > 1000) },
		"!(window.style == 'serial')":              func(i int) bool { return style[i] != "serial" },
		`window.style != "serial" && array.pe==1`:  func(i int) bool { return style[i] != "serial" && pe(i) == 1 },
		"window.frame_overlap":                     func(i int) bool { return overlap[i] },
		"window.frame_overlap == false":            func(i int) bool { return !overlap[i] },
		"!window.frame_overlap && !!(array.pe==1)": func(i int) bool { return !overlap[i] && pe(i) == 1 },
		"max(array.pe, array.simd, 4) <= 4":        func(i int) bool { return max(pe(i), simd(i)) <= 4 },
		"abs(log2(array.pe) - log2(`array.simd`)) < 1 + min(0, 1)": func(i int) bool {
			return math.Abs(math.Log2(pe(i))-math.Log2(simd(i))) < 1
		},
		"dsp > 1000 || fps >= 30 && dsp <= 2": func(i int) bool { return dsp(i) > 1000 || fps(i) >= 30 && dsp(i) <= 2 },
		"!(dsp > 256)":                        func(i int) bool { return dsp(i) <= 256 },
	}
	for text, want := range holds {
		var got []int
		b.Script(`const test = compileExpression(arguments[0], columns); return points.flatMap((_, i) => (test(i) ? [i] : []))`, &got, text)
		wanted := 0
		for i := range data.Points {
			if want(i) {
				wanted++
			}
		}
		for _, i := range got {
			if !want(i) {
				t.Fatalf("%s holds for point %d, and should not", text, i)
			}
		}
		if len(got) != wanted {
			t.Errorf("%s holds for %d points, want %d", text, len(got), wanted)
		}
	}
	checkExpressionErrors(t, b)
}

func checkExpressionErrors(t *testing.T, b *browser) {
	wrong := map[string]string{
		"dsp <=":                           "column 7: expected a name or a value, found the end",
		"dsp = 3":                          `column 5: unexpected "="; equality is ==`,
		"dsp":                              "column 1: the constraint must be a truth, this is a number",
		"dsp < 3 fps":                      "column 9: expected && or || before fps",
		"(dsp < 3":                         "column 9: expected ) to close the bracket, found the end",
		"1 < dsp < 3":                      "column 9: join comparisons with &&",
		"window.style == 3":                "column 14: cannot compare a text with a number",
		"window.style < 'a'":               "column 14: < needs numbers",
		"window.style == serial":           `column 17: write "serial" in quotes: it is a value of window.style`,
		"zzz > 1":                          "column 1: unknown name zzz; known: array.pe, array.simd",
		"dsp && fps > 1":                   "column 1: the left of && must be a truth, this is a number",
		"window.style + 1 > 2":             "column 1: the left of + must be a number, this is a text",
		"abs(dsp, 2) > 1":                  "column 1: abs takes one argument",
		"toString(dsp) > 1":                "column 1: unknown name toString",
		"constructor.constructor":          "column 1: unknown name constructor.constructor",
		"dsp > 1; alert(1)":                `column 8: unexpected ";"`,
		"'open == 1":                       `column 1: unexpected "'"`,
		strings.Repeat("(", 101) + "dsp>1": "column 101: nested too deeply",
	}
	for text, want := range wrong {
		var got string
		b.Script(`try { compileExpression(arguments[0], columns); return "no error" } catch (e) { return e.message }`, &got, text)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// checkWriting compares how the page writes numbers, places ticks and sums up a group with known answers.
func checkWriting(t *testing.T, b *browser, data Data) {
	for _, tt := range []struct{ call, want string }{
		{`[0, 1, 9999, 9999.6, 10000, 1254400, 999999, 3.21e9, -45678].map((v) => engineering(v)).join(" ")`, "0 1 9999 10k 10k 1.254M 1M 3.21G -45.68k"},
		{`[0.5, 0.00123456, 0.00000456, 5e19, NaN, Infinity].map((v) => engineering(v)).join(" ")`, "0.5 0.001235 4.56e-6 5e19 – –"},
		{`[1254400, 1234.56789, 0.1, -7].map(exactNumber).join(" ")`, "1,254,400 1,234.57 0.1 -7"},
		{`niceSteps(0, 10, 5).join(" ")`, "0 2 4 6 8 10"},
		{`niceSteps(-0.3, 0.7, 5).join(" ")`, "-0.2 0 0.2 0.4 0.6"},
		{`logSteps(2, 500).join(" ")`, "2 5 10 20 50 100 200 500"},
		{`logSteps(2, 50000).join(" ")`, "10 100 1000 10000"},
		{`labelled([1000000, 1000500, 1001000]).map((t) => t.label).join(" ")`, "1M 1.0005M 1.001M"},
		{`editDistance("kitten", "sitting")`, "3"},
		{`[2048, 65536, 1048576, 0.125, 150.5].map((v) => shortValue(parameters[0], v)).join(" ")`, "2048 65536 1048576 0.125 150.5"},
		{`[2 ** 53 - 1, 2 ** 53 + 2, 1e20].map(exactNumber).join(" ")`, "9,007,199,254,740,991 9.007199254740994e15 1e20"},
		{`labelled([2048, 4096]).map((t) => t.label).join(" ")`, "2048 4096"},
		{`["-9007199254740993", "5", "9007199254740993", "9007199254740992"].sort(integerOrder).join(" ")`, "-9007199254740993 5 9007199254740992 9007199254740993"},
		{`binsOf({ values: [...Array(100).keys()], distinct: null }).map((bin) => bin.label).join(" ")`, "0–11 12–24 25–36 37–49 50–61 62–74 75–86 87–99"},
	} {
		var got string
		b.Script("return String("+tt.call+")", &got)
		if got != tt.want {
			t.Errorf("%s = %q, want %q", tt.call, got, tt.want)
		}
	}
	checkEffect(t, b, data)
	checkStaircase(t, b, data)
}

// checkEffect computes the effect of a parameter anew: of every two designs that differ in it alone, one with
// the reference.
func checkEffect(t *testing.T, b *browser, data Data) {
	pe, cycles := data.Parameters[0], data.Metrics[0]
	other := func(i int) string {
		text := ""
		for _, c := range data.Parameters[1:] {
			switch c.Kind {
			case String:
				text += c.Strings[i] + ";"
			case Bool:
				text += strconv.FormatBool(c.Bools[i]) + ";"
			default:
				text += strconv.FormatFloat(c.Numbers[i], 'g', -1, 64) + ";"
			}
		}
		return text
	}
	base := map[string]float64{}
	for i, v := range pe.Numbers {
		if v == 1 && !math.IsNaN(cycles.Numbers[i]) {
			base[other(i)] = cycles.Numbers[i]
		}
	}
	var ratios []float64
	for i, v := range pe.Numbers {
		if one, paired := base[other(i)]; paired && v == 32 && !math.IsNaN(cycles.Numbers[i]) {
			ratios = append(ratios, cycles.Numbers[i]/one)
		}
	}
	slices.Sort(ratios)
	at := func(share float64) float64 {
		low, part := math.Modf(share * float64(len(ratios)-1))
		next := min(int(low)+1, len(ratios)-1)
		return ratios[int(low)] + part*(ratios[next]-ratios[int(low)])
	}
	want := []float64{float64(len(ratios)), at(0), at(0.25), at(0.5), at(0.75), at(1)}
	var got []float64
	b.Script(`const plot = effectsOf(metrics[0], app.shown).plots.find((p) => p.parameter.name === "array.pe");
		const g = plot.groups.find((g) => g.label === "32");
		return [g.count, g.least, g.lower, g.median, g.upper, g.most]`, &got)
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("array.pe 32 against 1: pairs, least, quartiles, most of the ratio of cycles (-want +got):\n%s", diff)
	}
}

// checkStaircase compares the line in the scatter with the definition of not being dominated.
func checkStaircase(t *testing.T, b *browser, data Data) {
	for _, axes := range [][2]int{{0, 2}, {1, 2}, {2, 1}, {3, 0}} {
		x, y := data.Metrics[axes[0]], data.Metrics[axes[1]]
		cost := func(c Column, i int) float64 {
			if c.Goal == Maximize {
				return -c.Numbers[i]
			}
			return c.Numbers[i]
		}
		want := map[[2]float64]bool{}
		for i := range data.Points {
			beaten := math.IsNaN(x.Numbers[i])
			for j := 0; j < len(data.Points) && !beaten; j++ {
				beaten = cost(x, j) <= cost(x, i) && cost(y, j) <= cost(y, i) && (cost(x, j) < cost(x, i) || cost(y, j) < cost(y, i))
			}
			if !beaten {
				want[[2]float64{x.Numbers[i], y.Numbers[i]}] = true
			}
		}
		var steps []int
		b.Script(`return staircase(metrics[arguments[0]], metrics[arguments[1]], () => true)`, &steps, axes[0], axes[1])
		got := map[[2]float64]bool{}
		for _, i := range steps {
			got[[2]float64{x.Numbers[i], y.Numbers[i]}] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || len(steps) != len(want) {
			t.Errorf("best in %s and %s: %d steps (-want +got):\n%s", x.Name, y.Name, len(steps), diff)
		}
	}
}
