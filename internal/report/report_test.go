package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/textwrap"
)

func written(t interface{ Fatal(...any) }, data Data) string {
	var out bytes.Buffer
	if err := Write(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// dataBlock is the JSON as a browser would cut it out of the page: up to the first end tag.
func dataBlock(t interface{ Fatal(...any) }, page string) Data {
	_, rest, found := strings.Cut(page, `<script type="application/json" id="report-data">`)
	block, _, closed := strings.Cut(rest, "</script")
	if !found || !closed {
		t.Fatal("the page has no data block")
	}
	var data Data
	if err := json.Unmarshal([]byte(block), &data); err != nil {
		t.Fatal("the data block is not JSON: ", err)
	}
	return data
}

func TestPageRefersToNothingOutside(t *testing.T) {
	page := strings.ReplaceAll(written(t, sampleData()), `"http://www.w3.org/2000/svg"`, "")
	outside := regexp.MustCompile(`(?i)(https?|wss?|file|blob):[/a-z]|data:([a-z]+/|[;,])|//[a-z0-9.-]+\.[a-z]|\bsrc=|\bhref=|@import|url\([^#]|\bfetch\(|XMLHttpRequest|\bimport\(|\beval\(|innerHTML`)
	if found := outside.FindAllString(page, -1); found != nil {
		t.Errorf("the page refers to something outside or runs text as code: %q", found)
	}
}

func TestPolicyAllowsOwnStyleAndScriptOnly(t *testing.T) {
	page := written(t, sampleData())
	for _, part := range []struct{ name, tag string }{{"style", "<style>"}, {"script", "<script>"}} {
		_, rest, _ := strings.Cut(page, part.tag)
		text, _, _ := strings.Cut(rest, "</"+part.name+">")
		want := part.name + "-src '" + strings.ReplaceAll(PolicyHash(text), "+", "&#43;") + "'"
		if text == "" || !strings.Contains(page, want) {
			t.Errorf("the policy does not hold %s", want)
		}
	}
	if !strings.Contains(page, `content="default-src 'none';`) {
		t.Error("the policy does not refuse everything else")
	}
}

func TestEveryScriptIsPartOfThePage(t *testing.T) {
	entries, err := sources.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var embedded []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".js") {
			embedded = append(embedded, e.Name())
		}
	}
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(embedded, scripts, sorted); diff != "" {
		t.Errorf("scripts (-embedded +listed):\n%s", diff)
	}
}

func TestSameDataSameBytes(t *testing.T) {
	if first := written(t, sampleData()); first != written(t, sampleData()) {
		t.Error("two pages of the same data differ")
	}
}

var nasty = []string{
	`</script><script>alert(1)</script>`, `<!--`, `<!-- <script>`, `]]>`, `"quoted" 'single' \back\slash`, "`template ${x}`",
	"line\nbreak\ttab\r", "\u2028\u2029\u0000", "naïve 漢字 🚀", "{{.Title}}", "&lt;&amp;", "a=b&c", "__proto__", "  spaces  ",
}

func TestNastyTextSurvives(t *testing.T) {
	for _, text := range nasty {
		data := Data{
			Title: text, Subtitle: text, Version: text, Sweep: text, Counts: Counts{Total: 2, OK: 1, Failed: 1, PrunedNote: text},
			Parameters: []Column{{Name: text, Kind: String, Unit: text, Strings: []string{text, ""}}},
			Metrics:    []Column{{Name: text + "2", Kind: Number, Unit: text, Goal: Minimize, Numbers: Numbers{1, math.NaN()}}},
			Points:     []Point{{ID: 1, Front: true, YAML: text}, {ID: 2, Failure: text}},
		}
		page := written(t, data)
		if diff := cmp.Diff(data, dataBlock(t, page), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if n := strings.Count(strings.ToLower(page), "<script"); n != 2 {
			t.Errorf("%q: %d script tags, want 2", text, n)
		}
	}
}

func TestAnyTextAndNumberSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "points")
		data := Data{
			Title:      rapid.String().Draw(t, "title"),
			Parameters: []Column{{Name: "p", Kind: String, Strings: rapid.SliceOfN(rapid.String(), n, n).Draw(t, "strings")}},
			Metrics:    []Column{{Name: "m", Kind: Number, Numbers: rapid.SliceOfN(rapid.Float64(), n, n).Draw(t, "numbers")}},
			Points:     make([]Point, n),
		}
		got := dataBlock(t, written(t, data))
		for i, v := range data.Metrics[0].Numbers {
			if math.IsInf(v, 0) {
				data.Metrics[0].Numbers[i] = math.NaN()
			}
		}
		if diff := cmp.Diff(data, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestNumbersAsJSON(t *testing.T) {
	in := Numbers{0, math.Copysign(0, -1), 1, -7, 1254400, 0.1, 1e-9, 1e21, 1 << 53, math.NaN(), math.Inf(1)}
	got, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `[0,0,1,-7,1254400,0.1,1e-09,1e+21,9.007199254740992e+15,null,null]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := json.Unmarshal([]byte(`["x"]`), &in); err == nil {
		t.Error("text was taken for a number")
	}
}

func TestInconsistentDataIsRefused(t *testing.T) {
	two := []Point{{ID: 1}, {ID: 2}}
	ok := Column{Name: "ok", Kind: Number, Numbers: Numbers{1, 2}}
	tests := []struct {
		name string
		data Data
		want []string
	}{
		{"short column", Data{Points: two, Parameters: []Column{{Name: "pe", Kind: Number, Numbers: Numbers{1}}}}, []string{`parameters[0] "pe": 1 values for 2 points`}},
		{"values of another kind", Data{Points: two, Parameters: []Column{{Name: "pe", Kind: Bool, Bools: []bool{true, false}, Strings: []string{"a"}}}}, []string{`1 string values in a bool column`}},
		{"unknown kind", Data{Metrics: []Column{{Name: "m", Kind: 9}}}, []string{`metrics[0] "m": kind 9; allowed: number, string, bool`}},
		{"unknown goal", Data{Metrics: []Column{{Name: "m", Kind: Number, Goal: "least"}}}, []string{`goal "least"; allowed: min, max, none`}},
		{"goal of a text", Data{Metrics: []Column{{Name: "m", Kind: String, Goal: Minimize}}}, []string{`only numbers can be optimised`}},
		{"goal of a parameter", Data{Parameters: []Column{{Name: "p", Kind: Number, Goal: Minimize}}}, []string{`only metrics have goals`}},
		{"name twice", Data{Points: two, Parameters: []Column{ok}, Metrics: []Column{ok}}, []string{`metrics[0] "ok": names must be unique`}},
		{"no name", Data{Parameters: []Column{{Kind: Number}}}, []string{`parameters[0] "": names must be unique and not empty`}},
		{"failed on the front", Data{Points: []Point{{ID: 7, Front: true, Failure: "x"}}}, []string{`points[0] (id 7): failed ("x") and on the front`}},
		{"negative count", Data{Counts: Counts{Pruned: -1}}, []string{`counts: negative`}},
		{"too many points", Data{Points: make([]Point, MaxPoints+1)}, []string{`20001 given, a page holds at most 20000`}},
		{"all at once", Data{Points: two, Parameters: []Column{{Name: "a", Kind: 7}, {Name: "b", Kind: Number}}}, []string{`kind 7`, `"b": 0 values for 2 points`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			err := Write(&out, tt.data)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if out.Len() != 0 {
				t.Errorf("%d bytes were written", out.Len())
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrorIsReturned(t *testing.T) {
	if err := Write(fullDisk{}, sampleData()); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v, want %v", err, io.ErrShortWrite)
	}
}

func TestHeaderSaysWhatIsShown(t *testing.T) {
	data := sampleData()
	page := written(t, data)
	for _, want := range []string{"<dd>4,000</dd>", "<dd>3,024</dd>", "<dd>112</dd>", "<dd>864</dd>", "<b>maximize</b> fps</span>", "864 points were not simulated"} {
		if !strings.Contains(page, want) {
			t.Errorf("the header does not say %q", want)
		}
	}
	if strings.Contains(page, "a sample.") {
		t.Error("a whole sweep is called a sample")
	}
	data.Counts.OK = 1_000_000
	if want := "Showing 3,136 of 1,000,000 simulated and 112 failed points"; !strings.Contains(written(t, data), want) {
		t.Errorf("a sampled page does not say %q", want)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 20736: "20,736", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := textwrap.Group(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
}
