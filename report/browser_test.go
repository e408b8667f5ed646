package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestPageInBrowser drives the page as a reader would, from disk and without a network. Its pictures go to
// the folder that CONVSIM_SCREENSHOT names, so that people can look at them.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := openBrowser(t)
	pictures := os.Getenv("CONVSIM_SCREENSHOT")
	if pictures == "" {
		pictures = t.TempDir()
	}
	b.devtools("Network.emulateNetworkConditions", map[string]any{"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
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
			defer func() { b.t = t }()
			b.t = t
			b.open(path, 1280, 800)
			step.run(t)
			checkQuiet(t, b)
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

// checkQuiet demands that nothing was logged and nothing asked for but the page itself.
func checkQuiet(t *testing.T, b *browser) {
	t.Helper()
	for _, message := range b.logged("browser") {
		t.Errorf("the browser's console says %s", message)
	}
	requests := 0
	for _, entry := range b.logged("performance") {
		var event struct {
			Message struct {
				Method string
				Params struct {
					DocumentURL string
					Request     struct{ URL string }
				}
			}
		}
		_, text, _ := strings.Cut(entry, " ")
		if err := json.Unmarshal([]byte(text), &event); err != nil {
			t.Fatal(err)
		}
		sent := event.Message.Params
		if event.Message.Method != "Network.requestWillBeSent" || !strings.HasPrefix(sent.DocumentURL, "file://") {
			continue // the browser's own first page loads its parts too
		}
		requests++
		if sent.Request.URL != sent.DocumentURL {
			t.Errorf("the page asks for %s", sent.Request.URL)
		}
	}
	if requests == 0 {
		t.Error("the log of requests does not even show the page itself")
	}
}

// spotOf is where a point of the sample stands in the window.
func (b *browser) spotOf(i int) [2]float64 {
	b.t.Helper()
	var at [2]float64
	b.script(`byId("scatter").scrollIntoView({block: "center"});
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
	b.eventually("#detail", "Best of the shown designs")
	b.screenshot(filepath.Join(pictures, "light.png"))
	b.mouse(false, b.spotOf(i))
	for _, want := range []string{title, "array.pe\n64", "window.style\nparallel", "cycles\n3066", "fps\n97.85k frames/s", "energy_uj\n"} {
		b.eventually("#tooltip", want)
	}
	b.screenshot(filepath.Join(pictures, "tooltip.png"))
	b.mouse(true, b.spotOf(i))
	b.eventually("#detail h3", title)
	b.eventually("#yaml", strings.TrimSpace(data.Points[i].YAML))
	b.eventually("#detail .values", "cycles\t3,066\tbest")
	b.mouse(false, [2]float64{5, 5})
	if tip := b.text("#tooltip"); tip != "" {
		t.Errorf("the tooltip stays after the pointer left: %q", tip)
	}
	b.screenshot(filepath.Join(pictures, "clicked.png"))
	b.click("#detail .copy")
	b.eventually("#detail .copy", "Copied")
	b.click(`#detail button[aria-label="Close"]`)
	b.eventually("#detail", "Best of the shown designs")
}

// click presses the mouse on the middle of an element.
func (b *browser) click(selector string) {
	b.t.Helper()
	var at *[2]float64
	b.script(`const e = document.querySelector(arguments[0]);
		if (!e) return null;
		e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect();
		return [r.left + r.width / 2, r.top + r.height / 2]`, &at, selector)
	if at == nil {
		b.t.Fatalf("the page has no %s", selector)
	}
	b.mouse(true, *at)
}

func (b *browser) choose(selector, label string) {
	b.t.Helper()
	var found bool
	b.script(`const s = document.querySelector(arguments[0]);
		const option = [...s.options].find((o) => o.text === arguments[1]);
		if (!option) return false;
		s.value = option.value;
		s.dispatchEvent(new Event("change"));
		return true`, &found, selector, label)
	if !found {
		b.t.Fatalf("%s has no option %q", selector, label)
	}
}

func (b *browser) retype(selector, text string) {
	b.t.Helper()
	b.script(`const e = document.querySelector(arguments[0]); e.value = ""; e.dispatchEvent(new Event("input")); e.focus({preventScroll: true})`, nil, selector)
	b.keys(text)
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

func ofAll(n int) string { return count(n) + " of 3,136 designs" }

func checkFilter(b *browser, data Data) {
	b.eventually("#shown-count", ofAll(3136))
	both := countWhere(data, func(_ int, v func(string) float64) bool { return v("dsp") <= 256 && v("cycles") < 1e5 })
	b.retype("#expression", "dsp<=256&&cycles<1e5")
	b.eventually("#shown-count", ofAll(both))
	b.retype("#expression", "cyles<9")
	b.eventually("#expression-note", "Not applied. column 1: unknown name cyles; did you mean cycles?")
	b.eventually("#shown-count", ofAll(3136))
	b.retype("#expression", "")

	few := countWhere(data, func(_ int, v func(string) float64) bool { return v("dsp") <= 8 })
	b.retype(`[data-column="dsp"] [data-end="max"]`, "8")
	b.eventually("#shown-count", ofAll(few))
	serial := countWhere(data, func(i int, v func(string) float64) bool {
		return v("dsp") <= 8 && data.Parameters[3].Strings[i] == "serial"
	})
	b.click(`[data-column="window.style"] input[value="0"]`)
	b.eventually("#shown-count", ofAll(serial))
	onFront := countWhere(data, func(i int, v func(string) float64) bool {
		return v("dsp") <= 8 && data.Parameters[3].Strings[i] == "serial" && data.Points[i].Front
	})
	b.click("#front-only")
	b.eventually("#shown-count", ofAll(onFront))
	b.eventually("#front-note", strconv.Itoa(onFront)+" of 97 designs")
	b.click("#reset-filter")
	b.eventually("#shown-count", ofAll(3136))
}

func checkAxes(t *testing.T, b *browser, data Data) {
	b.eventually("#scatter .axis:nth-child(1) .title", "bram18 · lower is better")
	b.choose("#axis-x", "dsp")
	b.eventually("#scatter .axis:nth-child(1) .title", "dsp, log · lower is better")
	b.click("#log-x")
	b.eventually("#scatter .axis:nth-child(1) .title", "dsp · lower is better")
	b.choose("#axis-color", "window.style")
	b.eventually("#scatter-legend", "serial")

	b.mouse(true, b.spotOf(0), b.spotOf(fastest(data)))
	b.eventually("#reset-zoom", "Reset zoom")
	var low, high float64
	b.script(`return app.scatter.view.xScale.low`, &low)
	b.script(`return app.scatter.view.xScale.high`, &high)
	if low < -8 || low > 10 || high < 2000 || high > 2060 {
		t.Errorf("zoomed to dsp %g..%g, want about 1..2048", low, high)
	}
	b.click("#reset-zoom")
	b.script(`return app.scatter.view.xScale.low`, &low)
	if low > -50 || b.text("#reset-zoom") != "" {
		t.Errorf("after the reset the axis starts at %g, want below -50", low)
	}
	b.choose("#axis-x", "array.pe")
	b.choose("#axis-y", "fifo.depth [beats]")
	b.eventually("#scatter-legend", "failed")
	b.choose("#effect-metric", "lut")
	b.eventually("#effects figure:first-child", "array.")
}

func checkBrush(b *browser, data Data) {
	drag := func(name string, from, to float64) {
		var spots [2][2]float64
		b.script(`const area = document.querySelector('#parallel [data-column="' + arguments[0] + '"] .brush-area');
			area.scrollIntoView({block: "center"});
			const r = area.getBoundingClientRect(), at = (share) => [r.left + r.width / 2, r.bottom - 8 - share * (r.height - 16)];
			return [at(arguments[1]), at(arguments[2])]`, &spots, name, from, to)
		b.mouse(true, spots[0], spots[1])
	}
	drag("array.pe", 0.8, 0.5)
	wide := countWhere(data, func(_ int, v func(string) float64) bool { return v("array.pe") >= 8 && v("array.pe") <= 16 })
	b.eventually("#shown-count", ofAll(wide))
	drag("window.style", 0.9, 0.6)
	both := countWhere(data, func(i int, v func(string) float64) bool {
		return v("array.pe") >= 8 && v("array.pe") <= 16 && data.Parameters[3].Strings[i] == "serial"
	})
	b.eventually("#shown-count", ofAll(both))
	var typed [2]string
	b.script(`return [...document.querySelectorAll('#limits [data-column="array.pe"] input')].map((e) => e.value)`, &typed)
	if typed != [2]string{"8", "16"} {
		b.t.Errorf("the filter shows %q for the brushed axis, want 8 and 16", typed)
	}
	drag("array.pe", 0.5, 0.5)
	drag("window.style", 0.5, 0.5)
	b.eventually("#shown-count", ofAll(3136))
}

func checkTable(b *browser) {
	header := func(name string) {
		b.script(`[...document.querySelectorAll("#front-table th button")].find((e) => e.textContent.startsWith(arguments[0])).click()`, nil, name)
	}
	b.eventually("#front-table thead + tbody", "3066")
	header("dsp")
	b.eventually("#front-table thead + tbody .best", "1")
	b.eventually(`#front-table th[aria-sort="ascending"]`, "dsp ↑")
	header("dsp")
	b.eventually("#front-table thead + tbody", "2048")
	header("window.style")
	b.eventually("#front-table thead + tbody", "parallel")
	b.click("#front-table thead + tbody td:nth-child(3)")
	b.eventually("#front-table tbody.selected", b.text("#detail h3")[len("Design "):])
	b.eventually("#yaml", "window: {style: parallel")
	b.click("#sweep-file summary")
	b.eventually("#sweep-text", "array.simd: {powers_of_two: [1, 64]}")
}
