package difference_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/report/difference"
	"github.com/convsim/convsim/internal/webdriver"
	"github.com/convsim/convsim/sim"
)

// hostile is a name that would become markup if it were not escaped.
const hostile = `<script>alert("x")</script>`

// differing are two runs that differ in all that a page shows.
func differing(t *testing.T) *difference.Difference {
	t.Helper()
	return difference.Compare(report(t, nil), report(t, func(r *sim.NetworkReport) {
		r.Hardware, r.Cycles, r.Cost.DSP, r.Frames = hostile, 150, 0, 4
		r.Stages[0].Busy, r.Stages[0].Starved, r.Stages[0].Blocked = 60, 10, 5
		r.Stages[1].Name, r.Layers[2].Name = hostile, "new"
		r.Layers[0].Interval, r.FIFOs[0].Depth = 20, 7
	}))
}

func htmlOf(t *testing.T, d *difference.Difference) string {
	t.Helper()
	var b strings.Builder
	if err := d.WriteHTML(&b, "v1"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// drawnBar is a bar of the page: what it says and the widths of its parts.
type drawnBar struct {
	words  string
	widths []float64
}

// bars are those of a page.
func bars(t *testing.T, page string) (list []drawnBar) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		switch {
		case e.Name.Local == "svg":
			list = append(list, drawnBar{words: at["aria-label"]})
		case e.Name.Local == "rect" && at["class"] != "middle":
			w, err := strconv.ParseFloat(at["width"], 64)
			if err != nil {
				t.Fatal(err)
			}
			last := &list[len(list)-1]
			last.widths = append(last.widths, w)
		}
	}
}

// TestPage: the bars are as long as the numbers say, and text of files stays text.
func TestPage(t *testing.T) {
	page := htmlOf(t, differing(t))
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert") {
		t.Error("a name became markup")
	}
	list := bars(t, page)
	for _, want := range []drawnBar{
		{"A: busy 50.0 %, starved 30.0 %, blocked 20.0 %", []float64{500, 300, 200}},
		{"B: busy 60.0 %, starved 10.0 %, blocked 5.0 %", []float64{600, 100, 50, 250}},
		{"B: none", nil},
		{"A: 10 cycles", []float64{1000.0 / 3}},
		{"B: 20 cycles", []float64{2000.0 / 3}},
		{"A: 30 cycles", []float64{1000}},
		{"", []float64{50}},  // half as many cycles again
		{"", []float64{100}}, // no DSP slices any more
	} {
		if !slices.ContainsFunc(list, func(b drawnBar) bool {
			return b.words == want.words && slices.EqualFunc(b.widths, want.widths, func(x, y float64) bool { return math.Abs(x-y) < 0.001 })
		}) {
			t.Errorf("no bar %v in %v", want, list)
		}
	}
	if htmlOf(t, differing(t)) != page {
		t.Error("the same runs give another page")
	}
	if same := htmlOf(t, difference.Compare(report(t, nil), report(t, nil))); !strings.Contains(same, "No difference") || len(bars(t, same)) > 0 {
		t.Error("runs that are alike look different")
	}
}

// TestPageInBrowser: it fits its window, on a desk and on a phone, and a browser has nothing to complain of. Its
// pictures go to the folder that CONVSIM_SCREENSHOT names.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := webdriver.Start(t)
	path := filepath.Join(t.TempDir(), "diff.html")
	if err := os.WriteFile(path, []byte(htmlOf(t, differing(t))), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{1280, 400} {
		b.Open(path, width, 900)
		var wide, stacked int
		b.Script(`return document.documentElement.scrollWidth`, &wide)
		b.Script(`return document.querySelector("#figures-title").getBoundingClientRect().top > document.querySelector("#design-title").getBoundingClientRect().bottom ? 1 : 0`, &stacked)
		if wide > width || (stacked == 1) != (width == 400) {
			t.Errorf("in a window of %d the page is %d wide, its cards stacked: %d", width, wide, stacked)
		}
		var coloured bool
		b.Script(`return getComputedStyle(document.querySelector("rect.cause-0")).fill !== "rgb(0, 0, 0)"`, &coloured)
		if !coloured {
			t.Error("the style does not hold: bars are black")
		}
		if pictures := os.Getenv("CONVSIM_SCREENSHOT"); pictures != "" {
			b.Screenshot(filepath.Join(pictures, fmt.Sprintf("diff-%d.png", width)))
		}
		b.Quiet()
	}
}
