package report

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/convsim/convsim/internal/textwrap"
)

const (
	tabKey        = "\ue004"
	escapeKey     = "\ue00c"
	arrowRightKey = "\ue014"
	enterKey      = "\ue007"
)

func checkKeyboard(t *testing.T, b *browser) {
	b.Script(`byId("axis-color").focus()`, nil)
	b.Keys(tabKey)
	var focused, outline string
	b.Script(`return document.activeElement.id`, &focused)
	b.Script(`return getComputedStyle(document.activeElement).outlineStyle`, &outline)
	if focused != "scatter" || outline != "solid" {
		t.Fatalf("after the colour menu %q has the focus, outlined %q; want scatter, solid", focused, outline)
	}
	b.Keys(arrowRightKey)
	first := b.Text("#detail h3")
	b.Keys(arrowRightKey)
	if second := b.Text("#detail h3"); first == second || !strings.HasPrefix(second, "Design ") {
		t.Errorf("the arrow key steps from %q to %q", first, second)
	}
	for range 5 {
		b.Keys(arrowRightKey)
		if badge := b.Text("#detail .badge"); badge != "on the front" {
			t.Errorf("the arrow key steps to a design %s", badge)
		}
	}
	b.Keys(escapeKey)
	b.Eventually("#detail", "Best of the shown designs")
	b.Keys(tabKey + enterKey)
	b.Eventually("#yaml", "name: point-")
}

func checkLayouts(t *testing.T, b *browser, pictures string) {
	scheme := func(name string) {
		b.Devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": name}}})
	}
	defer scheme("light")
	backgrounds := map[string]string{}
	b.Script(`app.select(frontPoints[20])`, nil)
	for _, name := range []string{"light", "dark"} {
		scheme(name)
		b.Resize(420, 2400)
		b.Screenshot(filepath.Join(pictures, name+"-narrow.png"))
		b.Resize(1280, 2400)
		b.Screenshot(filepath.Join(pictures, name+"-whole.png"))
		var background string
		b.Script(`return theme().surface`, &background) // what the canvases are drawn with
		backgrounds[name] = background
	}
	if backgrounds["light"] == backgrounds["dark"] {
		t.Errorf("the schemes look alike: %v", backgrounds)
	}
	for _, width := range []int{1600, 1280, 1000, 900, 420, 320} {
		b.Resize(width, 800)
		over := 1
		for deadline := time.Now().Add(3 * time.Second); over > 0 && time.Now().Before(deadline); {
			b.Script(`return document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over)
		}
		if over > 0 {
			t.Errorf("%d wide: the page is %d pixels wider than the window", width, over)
		}
	}
}

// checkOddData opens pages with little, failed, hostile and very much data.
func checkOddData(t *testing.T, b *browser) {
	one := []Point{{ID: 1}}
	alone := Column{Name: "cycles", Kind: Number, Goal: Minimize, Numbers: Numbers{5}}
	failed := Data{Title: "failed", Points: []Point{{ID: 1, Failure: "no"}, {ID: 2, Failure: "no"}},
		Parameters: []Column{{Name: "pe", Kind: Number, Numbers: Numbers{1, 2}}},
		Metrics:    []Column{{Name: "cycles", Kind: Number, Goal: Minimize, Numbers: Numbers{math.NaN(), math.NaN()}}}}
	hostile := Data{Title: "hostile", Sweep: strings.Join(nasty, "\n"), Points: make([]Point, len(nasty)),
		Parameters: []Column{{Name: nasty[0], Kind: String, Unit: nasty[0], Strings: nasty}},
		Metrics:    []Column{{Name: nasty[1], Kind: Number, Unit: nasty[4], Goal: Maximize, Numbers: make(Numbers, len(nasty))}}}
	for i := range hostile.Points {
		hostile.Points[i] = Point{ID: int64(i), Front: true, YAML: nasty[i]}
		hostile.Metrics[0].Numbers[i] = float64(i) - 3
	}
	pages := []Data{
		{Title: "empty"},
		{Title: "no point", Parameters: []Column{{Name: "pe", Kind: Number}}, Metrics: []Column{{Name: "cycles", Kind: Number, Goal: Minimize}}},
		{Title: "one point", Points: one, Metrics: []Column{alone}},
		{Title: "no objective", Points: one, Parameters: []Column{{Name: "style", Kind: String, Strings: []string{""}}}, Metrics: []Column{{Name: "lut", Kind: Number, Numbers: Numbers{0}}}},
		failed, hostile, {Title: "much"},
	}
	pages[len(pages)-1] = muchData()
	for _, data := range pages {
		b.Open(savePage(t, data), 1280, 800)
		b.Eventually("h1", data.Title)
		if data.Title == "hostile" {
			b.Script(`app.select(0)`, nil)
			b.Eventually("#yaml", nasty[0])
			b.Eventually("#detail", nasty[0])
		}
	}
	much := pages[len(pages)-1]
	few := 0
	for _, v := range much.Metrics[0].Numbers {
		if v <= 1e5 {
			few++
		}
	}
	b.Script(`setRange(metrics[0], null, 100000); app.redraw()`, nil)
	b.Eventually("#shown-count", fmt.Sprintf("%s of %s designs", textwrap.Group(few), textwrap.Group(MaxPoints)))
}

// muchData is a page at its limit.
func muchData() Data {
	data := sampleData()
	for len(data.Points) < MaxPoints {
		data.Points = append(data.Points, Point{ID: int64(len(data.Points) + 1)})
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
