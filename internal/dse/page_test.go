package dse_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/results"
)

// TestPage checks what the page is given: goals on the metrics they are about, formulas as metrics of their own, legal
// designs only, and the hardware files of the front.
func TestPage(t *testing.T) {
	s := load(t, sweepText+"  - maximize: fps / (1 + lut)\n")
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out})
	page := string(read(t, out, results.PageFile))
	for _, want := range []string{
		`"name":"cycles","kind":"number","unit":"cycles","goal":"min"`,
		`"name":"dsp","kind":"number","goal":"min"`,
		`"name":"fps / (1 + lut)","kind":"number","goal":"max"`,
		`"name":"window.style","kind":"string"`,
		`"name":"speed","kind":"number"`,
		fmt.Sprintf(`"total":%d,"ok":%d,"failed":%d,"pruned":%d`, summary.Points, summary.OK-summary.Infeasible, summary.Illegal, summary.Pruned),
		fmt.Sprintf(`%d were evaluated and break a constraint`, summary.Infeasible),
		`array: {pe: `,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(page, `"front":true`); n != len(summary.Front) || n == 0 {
		t.Errorf("%d points on the page's front, %d on the sweep's", n, len(summary.Front))
	}
}

// TestSampledPage checks that a large sweep is sampled, and that the front is on the page whole.
func TestSampledPage(t *testing.T) {
	if testing.Short() {
		t.Skip("20,480 points")
	}
	s := load(t, `name: large
workload: layer.yaml
hardware: {name: base}
axes:
  clock_mhz: {range: [1, 1280, 1]}
  array.pe: [1, 2, 4, 8]
  array.simd: [1, 2, 3, 6]
objectives:
  - minimize: latency_us
  - minimize: dsp
`)
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out, NoPrune: true})
	page := string(read(t, out, results.PageFile))
	points := regexp.MustCompile(`"points":\[(.*?)\],"counts"`).FindStringSubmatch(page)
	if points == nil {
		t.Fatal("no points")
	}
	ids := regexp.MustCompile(`"id":"(\d+)"`).FindAllStringSubmatch(points[1], -1)
	if len(ids) > 20_000 || len(ids) < 10_000 {
		t.Errorf("%d of %d points on the page", len(ids), summary.Points)
	}
	if n := strings.Count(points[1], `"front":true`); n != len(summary.Front) || n == 0 {
		t.Errorf("%d points on the page's front, %d on the sweep's", n, len(summary.Front))
	}
	before := -1
	for _, id := range ids {
		n, err := strconv.Atoi(id[1])
		if err != nil || n <= before {
			t.Fatalf("point %s after %d", id[1], before)
		}
		before = n
	}
}

// TestPageColumns: whole numbers beyond 2^53 are written out, and keys of a zip move together.
func TestPageColumns(t *testing.T) {
	text := "name: x\nworkload: layer.yaml\nhardware: {name: b}\naxes:\n  clock_mhz: [9007199254740993, 100]\n  array.pe: [1]\n" +
		"  zip: {fifo.depth: [0, 2], window.buffer_depth: [20, 60]}\nobjectives: [minimize: cycles]\n"
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, load(t, text), dse.Options{Out: out})
	page := string(read(t, out, results.PageFile))
	for _, want := range []string{
		`{"name":"clock_mhz","kind":"integer","strings":["9007199254740993",`,
		`{"name":"array.pe","kind":"number","numbers":[1,`,
		`{"name":"fifo.depth","kind":"number","numbers":[0,`,
		`"together":3},{"name":"window.buffer_depth","kind":"number","numbers":[20,`,
		`{"id":"0",`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, `"together":3`) != 2 {
		t.Error("the keys of the zip do not move together, or others do")
	}
}
