package report

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/textwrap"
)

// TestPageInBrowser drives the page as a reader would, from disk and without a network. Its pictures go to
// the folder that CONVSIM_SCREENSHOT names, so that people can look at them.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := startBrowser(t)
	pictures := os.Getenv("CONVSIM_SCREENSHOT")
	if pictures == "" {
		pictures = t.TempDir()
	}
	b.Devtools("Network.emulateNetworkConditions", map[string]any{"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
	data := sampleData()
	path := savePage(t, data)
	steps := []struct {
		name string
		run  func(*testing.T)
	}{
		{"hover and click", func(t *testing.T) { checkPointing(t, b, data, pictures) }},
		{"filter", func(*testing.T) { checkFilter(b, data) }},
		{"axes and zoom", func(t *testing.T) { checkAxes(t, b, data) }},
		{"brush", func(*testing.T) { checkBrush(b, data) }},
		{"table", func(*testing.T) { checkTable(b) }},
		{"keyboard", func(t *testing.T) { checkKeyboard(t, b) }},
		{"expressions", func(t *testing.T) { checkExpressions(t, b, data) }},
		{"numbers, ticks and statistics", func(t *testing.T) { checkWriting(t, b, data) }},
		{"schemes and sizes", func(t *testing.T) { checkLayouts(t, b, pictures) }},
		{"front and panel fit", func(t *testing.T) { checkFrontFits(t, b, pictures) }},
		{"many objectives", func(t *testing.T) { checkManyObjectives(t, b) }},
		{"exact values", func(t *testing.T) { checkExactness(t, b) }},
		{"matched pairs", func(t *testing.T) { checkMatchedPairs(t, b) }},
		{"odd data", func(t *testing.T) { checkOddData(t, b) }},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			defer func() { b.T = t }()
			b.T = t
			b.Open(path, 1280, 800)
			step.run(t)
			b.Quiet()
		})
	}
}

func savePage(t *testing.T, data Data) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(written(t, data)), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// spotOf is where a point of the sample stands in the window.
func (b *browser) spotOf(i int) [2]float64 {
	b.T.Helper()
	var at [2]float64
	b.Script(`byId("scatter").scrollIntoView({block: "center"});
		const r = byId("scatter").getBoundingClientRect(), p = app.scatter.view.places, i = arguments[0];
		return [r.left + p.x[i], r.top + p.y[i]]`, &at, i)
	return at
}

// fastest is the front's design with the fewest cycles: at the end of the front, away from others.
func fastest(data Data) int {
	best, cycles := -1, data.Metrics[0].Numbers
	for i, p := range data.Points {
		if p.Front && (best < 0 || cycles[i] < cycles[best]) {
			best = i
		}
	}
	return best
}

func checkPointing(t *testing.T, b *browser, data Data, pictures string) {
	i := fastest(data)
	title := "Design " + strconv.FormatInt(data.Points[i].ID, 10)
	b.Eventually("#detail", "Best of the shown designs")
	b.Screenshot(filepath.Join(pictures, "light.png"))
	b.Mouse(false, b.spotOf(i))
	for _, want := range []string{title, "array.pe\n64", "window.style\nparallel", "cycles\n3066", "fps\n97.85k frames/s", "energy_uj\n"} {
		b.Eventually("#tooltip", want)
	}
	b.Screenshot(filepath.Join(pictures, "tooltip.png"))
	b.Mouse(true, b.spotOf(i))
	b.Eventually("#detail h3", title)
	b.Eventually("#yaml", strings.TrimSpace(data.Points[i].YAML))
	b.Eventually("#detail .values", "cycles\t3,066\tbest")
	b.Mouse(false, [2]float64{5, 5})
	if tip := b.Text("#tooltip"); tip != "" {
		t.Errorf("the tooltip stays after the pointer left: %q", tip)
	}
	b.Screenshot(filepath.Join(pictures, "clicked.png"))
	b.Click("#detail .copy")
	b.Eventually("#detail .copy", "Copied")
	b.Click(`#detail button[aria-label="Close"]`)
	b.Eventually("#detail", "Best of the shown designs")
}

func (b *browser) retype(selector, text string) {
	b.T.Helper()
	b.Script(`const e = document.querySelector(arguments[0]); e.value = ""; e.dispatchEvent(new Event("input")); e.focus({preventScroll: true})`, nil, selector)
	b.Keys(text)
}

// countWhere counts the points for which the predicate holds; it gets the numbers of a column by name.
func countWhere(data Data, pass func(i int, number func(string) float64) bool) int {
	number := map[string]Numbers{}
	for _, c := range append(append([]Column{}, data.Parameters...), data.Metrics...) {
		number[c.Name] = c.Numbers
	}
	n := 0
	for i := range data.Points {
		if pass(i, func(name string) float64 { return number[name][i] }) {
			n++
		}
	}
	return n
}

func ofAll(n int) string { return textwrap.Group(n) + " of 3,136 designs" }

func checkFilter(b *browser, data Data) {
	b.Eventually("#shown-count", ofAll(3136))
	both := countWhere(data, func(_ int, v func(string) float64) bool { return v("dsp") <= 256 && v("cycles") < 1e5 })
	b.retype("#expression", "dsp<=256&&cycles<1e5")
	b.Eventually("#shown-count", ofAll(both))
	b.retype("#expression", "cyles<9")
	b.Eventually("#expression-note", "Not applied. column 1: unknown name cyles; did you mean cycles?")
	b.Eventually("#shown-count", ofAll(3136))
	b.retype("#expression", "")

	few := countWhere(data, func(_ int, v func(string) float64) bool { return v("dsp") <= 8 })
	b.retype(`[data-column="dsp"] [data-end="max"]`, "8")
	b.Eventually("#shown-count", ofAll(few))
	serial := countWhere(data, func(i int, v func(string) float64) bool {
		return v("dsp") <= 8 && data.Parameters[3].Strings[i] == "serial"
	})
	b.Click(`[data-column="window.style"] input[value="0"]`)
	b.Eventually("#shown-count", ofAll(serial))
	onFront := countWhere(data, func(i int, v func(string) float64) bool {
		return v("dsp") <= 8 && data.Parameters[3].Strings[i] == "serial" && data.Points[i].Front
	})
	b.Click("#front-only")
	b.Eventually("#shown-count", ofAll(onFront))
	b.Eventually("#front-note", strconv.Itoa(onFront)+" of 97 designs")
	b.Click("#reset-filter")
	b.Eventually("#shown-count", ofAll(3136))
}

func checkAxes(t *testing.T, b *browser, data Data) {
	b.Eventually("#scatter .axis:nth-child(1) .title", "bram18 · lower is better")
	b.Choose("#axis-x", "dsp")
	b.Eventually("#scatter .axis:nth-child(1) .title", "dsp, log · lower is better")
	b.Click("#log-x")
	b.Eventually("#scatter .axis:nth-child(1) .title", "dsp · lower is better")
	b.Choose("#axis-color", "window.style")
	b.Eventually("#scatter-legend", "serial")

	b.Mouse(true, b.spotOf(0), b.spotOf(fastest(data)))
	b.Eventually("#reset-zoom", "Reset zoom")
	var low, high float64
	b.Script(`return app.scatter.view.xScale.low`, &low)
	b.Script(`return app.scatter.view.xScale.high`, &high)
	if low < -8 || low > 10 || high < 2000 || high > 2060 {
		t.Errorf("zoomed to dsp %g..%g, want about 1..2048", low, high)
	}
	b.Click("#reset-zoom")
	b.Script(`return app.scatter.view.xScale.low`, &low)
	if low > -50 || b.Text("#reset-zoom") != "" {
		t.Errorf("after the reset the axis starts at %g, want below -50", low)
	}
	b.Choose("#axis-x", "array.pe")
	b.Choose("#axis-y", "fifo.depth [beats]")
	b.Eventually("#scatter-legend", "failed")
	b.Choose("#effect-metric", "lut")
	b.Eventually("#effects figure:first-child", "array.")
}

func checkBrush(b *browser, data Data) {
	drag := func(name string, from, to float64) {
		var spots [2][2]float64
		b.Script(`const area = document.querySelector('#parallel [data-column="' + arguments[0] + '"] .brush-area');
			area.scrollIntoView({block: "center"});
			const r = area.getBoundingClientRect(), at = (share) => [r.left + r.width / 2, r.bottom - 8 - share * (r.height - 16)];
			return [at(arguments[1]), at(arguments[2])]`, &spots, name, from, to)
		b.Mouse(true, spots[0], spots[1])
	}
	drag("array.pe", 0.8, 0.5)
	wide := countWhere(data, func(_ int, v func(string) float64) bool { return v("array.pe") >= 8 && v("array.pe") <= 16 })
	b.Eventually("#shown-count", ofAll(wide))
	drag("window.style", 0.9, 0.6)
	both := countWhere(data, func(i int, v func(string) float64) bool {
		return v("array.pe") >= 8 && v("array.pe") <= 16 && data.Parameters[3].Strings[i] == "serial"
	})
	b.Eventually("#shown-count", ofAll(both))
	var typed [2]string
	b.Script(`return [...document.querySelectorAll('#limits [data-column="array.pe"] input')].map((e) => e.value)`, &typed)
	if typed != [2]string{"8", "16"} {
		b.T.Errorf("the filter shows %q for the brushed axis, want 8 and 16", typed)
	}
	drag("array.pe", 0.5, 0.5)
	drag("window.style", 0.5, 0.5)
	b.Eventually("#shown-count", ofAll(3136))
}

func checkTable(b *browser) {
	header := func(name string) {
		b.Script(`[...document.querySelectorAll("#front-table th button")].find((e) => e.textContent.startsWith(arguments[0])).click()`, nil, name)
	}
	b.Eventually("#front-table thead + tbody", "3066")
	header("dsp")
	b.Eventually("#front-table thead + tbody .best", "1")
	b.Eventually(`#front-table th[aria-sort="ascending"]`, "dsp ↑")
	header("dsp")
	b.Eventually("#front-table thead + tbody", "2048")
	header("window.style")
	b.Eventually("#front-table thead + tbody", "parallel")
	b.Click("#front-table thead + tbody td:nth-child(3)")
	b.Eventually("#front-table tbody.selected", b.Text("#detail h3")[len("Design "):])
	b.Eventually("#yaml", "window: {style: parallel")
	b.Click("#sweep-file summary")
	b.Eventually("#sweep-text", "array.simd: {powers_of_two: [1, 64]}")
}
