package report

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	tabKey        = "\ue004"
	escapeKey     = "\ue00c"
	arrowRightKey = "\ue014"
	enterKey      = "\ue007"
)

func checkKeyboard(t *testing.T, b *browser) {
	b.script(`byId("axis-color").focus()`, nil)
	b.keys(tabKey)
	var focused, outline string
	b.script(`return document.activeElement.id`, &focused)
	b.script(`return getComputedStyle(document.activeElement).outlineStyle`, &outline)
	if focused != "scatter" || outline != "solid" {
		t.Fatalf("after the colour menu %q has the focus, outlined %q; want scatter, solid", focused, outline)
	}
	b.keys(arrowRightKey)
	first := b.text("#detail h3")
	b.keys(arrowRightKey)
	if second := b.text("#detail h3"); first == second || !strings.HasPrefix(second, "Design ") {
		t.Errorf("the arrow key steps from %q to %q", first, second)
	}
	b.keys(escapeKey)
	b.eventually("#detail", "Best of the shown designs")
	b.keys(tabKey + enterKey)
	b.eventually("#yaml", "name: point-")
}

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
		"array.pe + 2 * array.simd - 1 >= 8 / 2":   func(i int) bool { return pe(i)+2*simd(i)-1 >= 4 },
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
		"!(dsp > 256)": func(i int) bool { return dsp(i) <= 256 },
	}
	for text, want := range holds {
		var got []int
		b.script(`const test = compileExpression(arguments[0], columns); return points.flatMap((_, i) => (test(i) ? [i] : []))`, &got, text)
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
		b.script(`try { compileExpression(arguments[0], columns); return "no error" } catch (e) { return e.message }`, &got, text)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func checkLayouts(t *testing.T, b *browser, pictures string) {
	scheme := func(name string) {
		b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": name}}})
	}
	defer scheme("light")
	backgrounds := map[string]string{}
	b.script(`app.select(frontPoints[20])`, nil)
	for _, name := range []string{"light", "dark"} {
		scheme(name)
		b.resize(420, 2400)
		b.screenshot(filepath.Join(pictures, name+"-narrow.png"))
		b.resize(1280, 2400)
		b.screenshot(filepath.Join(pictures, name+"-whole.png"))
		var background string
		b.script(`return getComputedStyle(document.body).backgroundColor`, &background)
		backgrounds[name] = background
	}
	if backgrounds["light"] == backgrounds["dark"] {
		t.Errorf("the schemes look alike: %v", backgrounds)
	}
	for _, width := range []int{1600, 1280, 1000, 900, 420, 320} {
		b.resize(width, 800)
		var over int
		b.script(`return document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over)
		if over > 0 {
			t.Errorf("%d wide: the page is %d pixels wider than the window", width, over)
		}
	}
}

// checkOddData opens pages with little, failed, hostile and very much data.
func checkOddData(t *testing.T, b *browser) {
	one := []Point{{ID: 1}}
	alone := Column{Name: "cycles", Kind: Number, Goal: Minimise, Numbers: Numbers{5}}
	failed := Data{Title: "failed", Points: []Point{{ID: 1, Failure: "no"}, {ID: 2, Failure: "no"}},
		Parameters: []Column{{Name: "pe", Kind: Number, Numbers: Numbers{1, 2}}},
		Metrics:    []Column{{Name: "cycles", Kind: Number, Goal: Minimise, Numbers: Numbers{math.NaN(), math.NaN()}}}}
	hostile := Data{Title: "hostile", Sweep: strings.Join(nasty, "\n"), Points: make([]Point, len(nasty)),
		Parameters: []Column{{Name: nasty[0], Kind: String, Unit: nasty[0], Strings: nasty}},
		Metrics:    []Column{{Name: nasty[1], Kind: Number, Unit: nasty[4], Goal: Maximise, Numbers: make(Numbers, len(nasty))}}}
	for i := range hostile.Points {
		hostile.Points[i] = Point{ID: i, Front: true, YAML: nasty[i]}
		hostile.Metrics[0].Numbers[i] = float64(i) - 3
	}
	pages := []Data{
		{Title: "empty"},
		{Title: "no point", Parameters: []Column{{Name: "pe", Kind: Number}}, Metrics: []Column{{Name: "cycles", Kind: Number, Goal: Minimise}}},
		{Title: "one point", Points: one, Metrics: []Column{alone}},
		{Title: "no objective", Points: one, Parameters: []Column{{Name: "style", Kind: String, Strings: []string{""}}}, Metrics: []Column{{Name: "lut", Kind: Number, Numbers: Numbers{0}}}},
		failed, hostile, {Title: "much"},
	}
	pages[len(pages)-1] = muchData()
	for _, data := range pages {
		b.open(savePage(t, data), 1280, 800)
		b.eventually("h1", data.Title)
		if data.Title == "hostile" {
			b.script(`app.select(0)`, nil)
			b.eventually("#yaml", nasty[0])
			b.eventually("#detail", nasty[0])
		}
	}
	start := time.Now()
	b.script(`setRange(metrics[0], null, 1000000); app.redraw()`, nil)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("filtering %d points takes %v", MaxPoints, took)
	}
}

// muchData is a page at its limit.
func muchData() Data {
	data := sampleData()
	for len(data.Points) < MaxPoints {
		data.Points = append(data.Points, Point{ID: len(data.Points) + 1})
	}
	grow := func(columns []Column) {
		for k := range columns {
			c := &columns[k]
			for i := 0; len(c.Numbers)+len(c.Strings)+len(c.Bools) < MaxPoints; i++ {
				switch c.Kind {
				case Number:
					c.Numbers = append(c.Numbers, c.Numbers[i]*1.01)
				case String:
					c.Strings = append(c.Strings, c.Strings[i])
				case Bool:
					c.Bools = append(c.Bools, c.Bools[i])
				}
			}
		}
	}
	grow(data.Parameters)
	grow(data.Metrics)
	data.Title = "much"
	return data
}
