package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkFrontFits: the table of the front starts with the objectives and is not wider than its card, on a desk
// and on a phone; the panel of a chosen design is shown whole.
func checkFrontFits(t *testing.T, b *browser, pictures string) {
	defer b.Resize(1280, 800)
	b.Script(`app.select(frontPoints[20])`, nil)
	for _, width := range []int{1280, 400} {
		b.Resize(width, 800)
		var fits bool
		for range 50 { // the page follows the size a frame later
			b.Script(`const r = byId("front-table"); return innerWidth === arguments[0] && r.scrollWidth <= r.clientWidth`, &fits, width)
			if fits {
				break
			}
		}
		if !fits {
			var sizes []int
			b.Script(`const r = byId("front-table"); return [innerWidth, r.scrollWidth, r.clientWidth]`, &sizes)
			t.Errorf("%d wide: the table is wider than its card (window, table, card: %v)", width, sizes)
		}
		var heads []string
		b.Script(`return [...document.querySelectorAll("#front-table th button")].map((e) => e.textContent.replace(/ [↑↓]$/, ""))`, &heads)
		want := []string{"design", "cycles", "fps", "dsp", "bram18"}
		if diff := cmp.Diff(want, heads[:min(len(want), len(heads))]); diff != "" {
			t.Errorf("%d wide: columns (-want +got)\n%s", width, diff)
		}
		if first := b.Text("#front-table thead + tbody"); !strings.Contains(first, "128") {
			t.Errorf("%d wide: the first row does not show its FIFO depth: %q", width, first)
		}
		var cut [2]bool
		b.Script(`const d = byId("detail"); return [d.scrollHeight > d.clientHeight, d.scrollWidth > d.clientWidth]`, &cut)
		if cut != [2]bool{} {
			t.Errorf("%d wide: the panel of the design is cut (below, beside): %v", width, cut)
		}
		b.Script(`byId("front-card").scrollIntoView()`, nil)
		b.Screenshot(filepath.Join(pictures, fmt.Sprintf("front-%d.png", width)))
	}
}

// checkManyObjectives: what does not fit beside each other stands below.
func checkManyObjectives(t *testing.T, b *browser) {
	defer b.Resize(1280, 800)
	data := Data{Title: "many", Counts: Counts{Total: 1, OK: 1}, Points: []Point{{ID: 1, Front: true}},
		Parameters: []Column{{Name: "array.pe", Kind: Number, Numbers: Numbers{1}}}}
	for k := range 9 {
		data.Metrics = append(data.Metrics, Column{Name: fmt.Sprintf("a_long_objective_%d", k), Kind: Number, Goal: Minimize, Numbers: Numbers{1234567 + float64(k)}})
	}
	b.Open(savePage(t, data), 400, 800)
	b.Eventually("#front-table tbody", "a_long_objective_8 1.23458M")
	var sizes [2]int
	b.Script(`const r = byId("front-table"); return [r.scrollWidth, r.clientWidth]`, &sizes)
	if sizes[0] > sizes[1] {
		t.Errorf("the table is wider than its card: %v", sizes)
	}
}

// checkExactness opens a page with values that a browser's numbers do not hold, and with objectives equal in
// six digits.
func checkExactness(t *testing.T, b *browser) {
	data := Data{Title: "exactness", Counts: Counts{Total: 4, OK: 4},
		Parameters: []Column{
			{Name: "seed", Kind: Integer, Strings: []string{"9007199254740993", "9007199254740992", "7", "10000000000000000"}},
			{Name: "array.pe", Kind: Number, Numbers: Numbers{2048, 16384, 1048576, 1}}},
		Metrics: []Column{
			{Name: "lut", Kind: Number, Numbers: Numbers{1, 2, 3, 4}},
			{Name: "cycles", Kind: Number, Goal: Minimize, Numbers: Numbers{1000000.1, 1000000.2, 1000010, 5}},
			{Name: "fps", Kind: Number, Goal: Maximize, Numbers: Numbers{3, 3, 3, 2}}},
		Points: []Point{{ID: 1<<62 - 1, Front: true}, {ID: 1<<53 + 1, Front: true}, {ID: 3, Front: true}, {ID: 4, Front: true}}}
	b.Open(savePage(t, data), 1280, 800)
	b.Eventually("h1", data.Title)
	b.Eventually("#front-note", "≈ marks objectives equal to those of a row above in 6 digits")
	var rows []string
	b.Script(`return [...document.querySelectorAll("#front-table tbody")].map((e) => e.innerText.replace(/\s+/g, " ").trim())`, &rows)
	want := []string{"4 5 2 10000000000000000 1 4", "4611686018427387903 1M 3 9007199254740993 2048 1", "≈ 9007199254740993 1M 3 9007199254740992 16384 2",
		"3 1.00001M 3 7 1048576 3"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	var labels []string
	b.Script(`return parameters[0].labels`, &labels)
	if diff := cmp.Diff([]string{"7", "9007199254740992", "9007199254740993", "10000000000000000"}, labels); diff != "" {
		t.Errorf("seeds in order (-want +got)\n%s", diff)
	}
	b.Script(`app.select(0)`, nil)
	b.Eventually("#detail h3", "Design 4611686018427387903")
	b.Eventually("#yaml", "seed: 9007199254740993\narray.pe: 2048")
	b.Choose("#axis-x", "array.pe")
	b.Eventually("#scatter .axis:nth-child(1)", "2048")
}

// checkMatchedPairs: of a sweep whose slow designs with idle = 1 were pruned, idle has no effect, though
// designs with it are faster in the middle; of two parameters that move together both have the effect of the
// two; one that nothing pairs is not ranked.
func checkMatchedPairs(t *testing.T, b *browser) {
	pe, idle, lone := numbers("pe", ""), numbers("idle", ""), numbers("lone", "")
	a, c := numbers("a", ""), numbers("c", "")
	a.Together, c.Together = 3, 3
	cycles := goal("cycles", "", Minimize)
	data := Data{Title: "pairs", Counts: Counts{OK: 1, Pruned: 6}}
	add := func(p, i, ac, l, v float64) {
		pe.Numbers, idle.Numbers, a.Numbers = append(pe.Numbers, p), append(idle.Numbers, i), append(a.Numbers, ac)
		c.Numbers, lone.Numbers, cycles.Numbers = append(c.Numbers, 10*ac), append(lone.Numbers, l), append(cycles.Numbers, v)
		data.Points = append(data.Points, Point{ID: int64(len(data.Points))})
	}
	for _, p := range []float64{1, 2, 4, 8} {
		for _, i := range []float64{0, 1} {
			for _, ac := range []float64{1, 2} {
				if i == 0 || p > 2 {
					add(p, i, ac, p, 1000/p*ac*ac*ac)
				}
			}
		}
	}
	data.Parameters, data.Metrics = []Column{pe, idle, a, c, lone}, []Column{cycles}
	b.Open(savePage(t, data), 1280, 800)
	b.Eventually("h1", data.Title)
	var got map[string]float64
	b.Script(`return Object.fromEntries(effectsOf(metrics[0], app.shown).plots.map((p) => [p.parameter.name, p.high / p.low]))`, &got)
	want := map[string]float64{"idle": 1, "a": 8, "c": 8}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("effects (-want +got)\n%s", diff)
	}
	b.Eventually("#effects", "Not ranked, since no two of the shown designs differ in it alone: pe, lone.")
	b.Eventually("#effects-card .hint", "Designs that are not on the page are in no pair.")
}
