package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/textwrap"
)

func TestFrontTable(t *testing.T) {
	wide := strings.Repeat("w", 30)
	s := &results.Summary{Parameters: []string{"array.pe", "clock_mhz", wide + "1", wide + "2"}, Objectives: []string{"minimize cycles", "maximize fps"}}
	add := func(index int64, pe, w1, w2 any, cycles, fps float64) {
		s.Front = append(s.Front, results.FrontPoint{Index: index, Objectives: []float64{cycles, fps},
			Parameters: map[string]any{"array.pe": pe, "clock_mhz": 200, wide + "1": w1, wide + "2": w2}})
	}
	add(3, 1, 1, 1, 1000, 124.2810001)
	add(7, 2, 2, 2, 1000, 124.2810002)
	add(12, 4, 3, 4, 2000, 500)
	var b bytes.Buffer
	if err := writeFront(&b, s); err != nil {
		t.Fatal(err)
	}
	want := `  index  cycles      fps  array.pe  ` + wide + `1
      3    1000  124.281         1                                1
    ≈ 7    1000  124.281         2                                2
     12    2000      500         4                                3

  index  ` + wide + `2
      3                                1
    ≈ 7                                2
     12                                4
the same in all: clock_mhz 200
≈ objectives as further up in the digits shown; pareto.csv has all digits
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	for line := range strings.Lines(b.String()) {
		if textwrap.Len(strings.TrimSuffix(line, "\n")) > textwrap.Width {
			t.Errorf("%q is too long", line)
		}
	}
}
