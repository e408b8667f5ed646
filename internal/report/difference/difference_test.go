package difference_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/report/difference"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/sim"
)

// report is that of a small network; edit changes it.
func report(t *testing.T, edit func(*sim.NetworkReport)) *difference.Run {
	t.Helper()
	interval := 40.0
	r := &sim.NetworkReport{Hardware: "hw", Model: "net", Frames: 3, Cycles: 100, SteadyInterval: &interval, Multipliers: 8, Utilization: 0.5, ClockMHz: 200,
		FPS: 5e6, Cost: resources.Amount{DSP: 4, LUT: 100}}
	for i, name := range []string{"conv1", "conv2", "a.layer.with.a.name.that.is.longer.than.any.column.of.the.text"} {
		r.Layers = append(r.Layers, sim.LayerUse{Name: name, Busiest: "array", Interval: float64(10 * (i + 1)), Multipliers: 2})
		r.Stages = append(r.Stages, sim.StageUse{Name: name + ".array", Busy: 50, Starved: 30, Blocked: 20, Total: 100})
		r.FIFOs = append(r.FIFOs, sim.FIFOUse{Name: name + ".sink", Depth: 2, MaxOccupancy: 1})
	}
	if edit != nil {
		edit(r)
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	run, err := difference.Decode("net.json", data)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestCompare: each change shows where it belongs, and nothing else does.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*sim.NetworkReport)
		want string
	}{
		{"nothing", nil, "true design 0, stages [], layers [], fifos [], figures [], resources [], notes 0"},
		{"another name of the hardware", func(r *sim.NetworkReport) { r.Hardware = "b" },
			"true design 0, stages [], layers [], fifos [], figures [], resources [], notes 0"},
		{"stage", func(r *sim.NetworkReport) { r.Stages[1].Busy, r.Stages[1].Starved = 60, 20 },
			"false design 0, stages [conv2.array], layers [], fifos [], figures [], resources [], notes 0"},
		{"the worst layer first", func(r *sim.NetworkReport) { r.Layers[0].Interval, r.Layers[1].Interval = 11, 90 },
			"false design 0, stages [], layers [conv2 conv1], fifos [], figures [], resources [], notes 0"},
		{"depth", func(r *sim.NetworkReport) { r.FIFOs[0].Depth = 9 },
			"false design 0, stages [], layers [], fifos [conv1.sink], figures [], resources [], notes 0"},
		{"a FIFO of B alone comes last", func(r *sim.NetworkReport) { r.FIFOs[2].Name, r.FIFOs[1].FullCycles = "new", 1 },
			"false design 0, stages [], layers [], fifos [conv2.sink a.layer.with.a.name.that.is.longer.than.any.column.of.the.text.sink new], figures [], resources [], notes 0"},
		{"figure", func(r *sim.NetworkReport) { r.Cycles = 150; r.SteadyInterval = nil },
			"false design 0, stages [], layers [], fifos [], figures [cycles steady_interval], resources [], notes 0"},
		{"cost", func(r *sim.NetworkReport) { r.Cost.LUT = 50 },
			"false design 0, stages [], layers [], fifos [], figures [], resources [LUT], notes 0"},
		{"multipliers of a layer", func(r *sim.NetworkReport) { r.Layers[0].Multipliers = 4 },
			"false design 1, stages [], layers [conv1], fifos [], figures [], resources [], notes 0"},
		{"workload", func(r *sim.NetworkReport) { r.Model = "other" },
			"false design 0, stages [], layers [], fifos [], figures [], resources [], notes 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := difference.Compare(report(t, nil), report(t, c.edit))
			got := fmt.Sprintf("%t design %d, stages %v, layers %v, fifos %v, figures %v, resources %v, notes %d", d.Same, len(d.Design), names(d.Stages),
				names(d.Layers), names(d.FIFOs), changed(d.Figures), changed(d.Resources), len(d.Notes))
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			var b strings.Builder
			if err := d.WriteText(&b, 0); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if textwrap.Len(strings.TrimSuffix(line, "\n")) > textwrap.Width {
					t.Errorf("too long: %s", line)
				}
			}
		})
	}
}

func names[T any](list []difference.Pair[T]) (names []string) {
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

func changed(list []difference.Number) (keys []string) {
	for _, n := range list {
		if n.Change == nil && (n.A != nil || n.B != nil) || n.Change != nil && *n.Change != 0 {
			keys = append(keys, n.Key)
		}
	}
	return keys
}

// TestNumbers: absolute and relative changes are those of the figures.
func TestNumbers(t *testing.T) {
	d := difference.Compare(report(t, nil), report(t, func(r *sim.NetworkReport) { r.Cycles = 75 }))
	for _, n := range d.Figures {
		if n.Key == "cycles" && (*n.A != 100 || *n.B != 75 || *n.Change != -25 || *n.Relative != -0.25) {
			t.Errorf("cycles: %v, %v, %v, %v", *n.A, *n.B, *n.Change, *n.Relative)
		}
		if n.Key == "first_output_cycle" && n.Relative != nil {
			t.Errorf("a change relative to 0: %v", *n.Relative)
		}
	}
}

// TestMistakes have a place and say what is allowed.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "f.json:1:1: not JSON: unexpected end of JSON input; allowed: what `convsim run --json` prints"},
		{"cut off", "{\n \"layer\": ", "f.json:2:10: not JSON: unexpected end"},
		{"no JSON", "{\n  cycles}", "f.json:2:3: not JSON"},
		{"a list", "[1]", "f.json:1:1: the whole is array; allowed: an object of what `convsim run --json` prints"},
		{"something else", `{"cells": 4}`, `f.json:1:1: no report of a run: it has neither "layer" nor "model"`},
		{"keys missing", `{"layer": "a", "hardware": "b", "frames": 1, "cycles": 1}`,
			"f.json:1:1: the report has no clock_mhz, multipliers, utilization, fps, stages, fifos, resources"},
		{"layerwise", `{"model": "a", "mode": "layerwise"}`, "fps, dram, layers"},
		{"another kind", "{\"model\": \"a\",\n \"cycles\": \"many\"}", "f.json:2:12: cycles is string; allowed: a whole number"},
		{"a text with quotes", `{"model": "a", "cycles": "a\"b"}`, "f.json:1:26: cycles is string"},
		{"a number for a text", `{"model": 12.5}`, "f.json:1:11: model is number; allowed: a text"},
		{"a part of a number", `{"model": "a", "cycles":-1.5}`, "f.json:1:25: cycles is number -1.5; allowed: a whole number"},
		{"an object for a list", `{"model": "a", "stages": {"a": 1}}`, "f.json:1:26: stages is object; allowed: a list"},
		{"two reports", "{}\n{}", "f.json:2:1: not JSON: invalid character '{' after top-level value"},
		{"negative", `{"model": "a", "hardware": "b", "frames": 1, "cycles": -1, "clock_mhz": 1, "multipliers": 1, "utilization": 1, "fps": 1,
			"stages": [], "fifos": [], "layers": [], "resources": {}}`, "-1 cycles, 1 frames; allowed: 0 or more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := difference.Decode("f.json", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "allowed") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// FuzzDecode: whatever decodes compares equal with itself, and prints.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"model": "a", "hardware": "b", "frames": 1, "cycles": 2, "clock_mhz": 1, "multipliers": 1, "utilization": 1, "fps": 1,
		"stages": [{"name": "s"}, {"name": "s", "busy": 1}], "fifos": [], "layers": [], "resources": {}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := difference.Decode("f", data)
		if err != nil {
			return
		}
		b, err := difference.Decode("f", data)
		if err != nil {
			t.Fatal(err)
		}
		d := difference.Compare(a, b)
		if !d.Same {
			t.Errorf("a run differs from itself: %+v", d)
		}
		if err := d.WriteText(&strings.Builder{}, 0); err != nil {
			t.Error(err)
		}
	})
}
