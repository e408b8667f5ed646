package dse_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/sim"
)

const few = "strategy: {random: {points: 12, seed: 1}}\n"

// TestDamagedJournal damages one byte of each kind of line: the error names the line, and nothing is changed.
func TestDamagedJournal(t *testing.T) {
	s := load(t, sweepText+few)
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, s, dse.Options{Out: out})
	path := filepath.Join(out, results.ResultsFile)
	whole := read(t, path)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, c := range map[string]struct {
		damage func() []byte
		want   []string
	}{
		"a digit of a row": {func() []byte {
			return bytes.Replace(whole, []byte(`"status":"ok"`), []byte(`"status":"oK"`), 1)
		}, []string{results.ResultsFile, "damaged", "checksum"}},
		"the header": {func() []byte { return append([]byte("X"), whole[1:]...) }, []string{results.ResultsFile + ":1: damaged"}},
		"the last line": {func() []byte { return append(bytes.Clone(whole[:len(whole)-9]), "12345\"}\n"...) },
			[]string{results.ResultsFile + ":13: damaged"}},
		"a line lost its end": {func() []byte { return bytes.Replace(whole, lines[3], append(lines[3][:40:40], '\n'), 1) },
			[]string{results.ResultsFile + ":4: damaged", "no checksum"}},
		"no header":      {func() []byte { return bytes.Join(lines[1:], nil) }, []string{":1: damaged", "before the first header"}},
		"something else": {func() []byte { return []byte("hello\n") }, []string{":1: damaged"}},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := c.damage()
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := s.Run(context.Background(), dse.Options{Out: out, Resume: true})
			wantError(t, err, append(c.want, "Nothing was changed")...)
			_, err = results.Choose(out, results.Choice{Objective: "cycles"})
			wantError(t, err, c.want...)
			if !bytes.Equal(damaged, read(t, path)) {
				t.Error("the journal was changed")
			}
		})
	}
}

func TestFolderOfAnotherSweep(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, load(t, sweepText+few), dse.Options{Out: out})
	before := read(t, out, results.ResultsFile)
	other := load(t, strings.Replace(sweepText, "name: small", "name: other", 1)+few)
	_, err := other.Run(context.Background(), dse.Options{Out: out})
	wantError(t, err, `holds the results of sweep "small"`, `this is "other"`)
	if !bytes.Equal(before, read(t, out, results.ResultsFile)) {
		t.Error("results.jsonl was changed")
	}

	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "sweep.yaml"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = other.Run(context.Background(), dse.Options{Out: foreign})
	wantError(t, err, "holds other files and no results.jsonl")
	if entries, _ := os.ReadDir(foreign); len(entries) != 1 {
		t.Errorf("the folder has %d files now", len(entries))
	}
}

func TestShardsNeedFoldersOfTheirOwn(t *testing.T) {
	s := load(t, sweepText+few)
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, s, dse.Options{Out: out, Shard: journal.Shard{Index: 1, Count: 2}})
	_, err := s.Run(context.Background(), dse.Options{Out: out, Shard: journal.Shard{Index: 2, Count: 2}})
	wantError(t, err, "holds shard 1/2", "a folder for each shard")
	_, err = s.Run(context.Background(), dse.Options{Out: out, Shard: journal.Shard{Index: 3, Count: 2}})
	wantError(t, err, "shard 3/2")
	learning := load(t, sweepText+strategies["nsga2"])
	_, err = learning.Run(context.Background(), dse.Options{Out: out + "2", Shard: journal.Shard{Index: 1, Count: 2}})
	wantError(t, err, "learns from its results")
}

func TestMergeRefuses(t *testing.T) {
	out, other := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	runIn(t, load(t, sweepText+few), dse.Options{Out: out})
	runIn(t, load(t, sweepText+"strategy: {random: {points: 12, seed: 2}}\n"), dse.Options{Out: other})
	_, err := results.Merge(filepath.Join(t.TempDir(), "c"), []string{out, other})
	wantError(t, err, "hold different sweeps")
	_, err = results.Merge(out, []string{out})
	wantError(t, err, "is one of the folders to merge")
	_, err = results.Merge(filepath.Join(t.TempDir(), "c"), []string{filepath.Join(out, "nowhere")})
	wantError(t, err, "nowhere")
}

// TestSecondRunIsKeptOut starts a run while another one is writing to the folder.
func TestSecondRunIsKeptOut(t *testing.T) {
	s := load(t, sweepText+few)
	out := filepath.Join(t.TempDir(), "out")
	tried := false
	_, err := s.Run(context.Background(), dse.Options{Out: out, Jobs: 1, Progress: func(dse.Progress) {
		if !tried {
			tried = true
			_, err := s.Run(context.Background(), dse.Options{Out: out})
			wantError(t, err, "another run is writing")
		}
	}})
	if err != nil || !tried {
		t.Fatal(err)
	}
}

// TestChoose checks the choice against the table, and that the hardware file gives the same cycles again.
func TestChoose(t *testing.T) {
	path := write(t, sweepText, layerText)
	s, err := dse.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out, NoPrune: true})
	fastest, err := results.Choose(out, results.Choice{Objective: "cycles", Constraints: []string{"dsp <= 30"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range summary.Front {
		if p.Metrics["dsp"] <= 30 && p.Metrics["cycles"] < fastest.Metrics["cycles"] {
			t.Errorf("point %d has %v cycles, the choice %v", p.Index, p.Metrics["cycles"], fastest.Metrics["cycles"])
		}
	}
	slowest, err := results.Choose(out, results.Choice{Objective: "max:cycles"})
	if err != nil || slowest.Metrics["cycles"] <= fastest.Metrics["cycles"] {
		t.Errorf("the slowest has %v cycles (%v)", slowest.Metrics["cycles"], err)
	}
	file := filepath.Join(t.TempDir(), "best.yaml")
	if err := os.WriteFile(file, fastest.Hardware, 0o600); err != nil {
		t.Fatal(err)
	}
	hw, err := configs.LoadHardware(file)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.LoadLayer(filepath.Join(filepath.Dir(path), "layer.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	run, err := sim.Run(context.Background(), hw, layer, sim.Options{Frames: int(fastest.Frames), NoValues: true})
	if err != nil {
		t.Fatal(err)
	}
	r := run.Report
	for name, want := range map[string]float64{"cycles": float64(r.Cycles), "interval": float64(*r.SteadyInterval), "latency_us": r.LatencyUS,
		"fps": r.FPS, "macs_per_cycle": r.MACsPerCycle, "utilization": r.Utilization, "dsp": float64(r.Cost.DSP), "lut": float64(r.Cost.LUT),
		"bram18": float64(r.Cost.BRAM18), "multipliers": float64(r.Multipliers)} {
		if got := fastest.Metrics[name]; got != want {
			t.Errorf("%s is %v in the sweep, %v in a run", name, got, want)
		}
	}
}

func TestChooseRefuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, load(t, sweepText), dse.Options{Out: out})
	table := string(read(t, out, results.TableFile))
	pruned := regexp.MustCompile(`(?m)^(\d+),.*,pruned,`).FindStringSubmatch(table)
	if pruned == nil {
		t.Fatal("nothing was pruned")
	}
	index, missing := int64(0), int64(1000)
	for _, r := range pruned[1] {
		index = 10*index + int64(r-'0')
	}
	for name, c := range map[string]struct {
		choice results.Choice
		want   []string
	}{
		"an unknown name":  {results.Choice{Objective: "cycle"}, []string{"objective: column 1: unknown name cycle", "did you mean cycles?", "\n  cycle\n  ^"}},
		"a wrong type":     {results.Choice{Objective: "cycles", Constraints: []string{"dsp"}}, []string{"constraint: column 1", "want a bool"}},
		"nothing is legal": {results.Choice{Objective: "cycles", Constraints: []string{"dsp < 0"}}, []string{"no point satisfies"}},
		"a pruned point":   {results.Choice{Index: &index}, []string{"was not evaluated: pruned"}},
		"no such point":    {results.Choice{Index: &missing}, []string{"has no point 1000"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := results.Choose(out, c.choice)
			wantError(t, err, c.want...)
		})
	}
}

// TestDirection: the direction of the sweep holds, a rate that is no objective is to be large, and a stated
// one overrides.
func TestDirection(t *testing.T) {
	text := strings.Replace(sweepText, "  - minimize: cycles", "  - maximize: fps\n  - maximize: dsp / 2\n  - minimize: lut\n  - maximize: lut", 1)
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, load(t, text), dse.Options{Out: out, NoPrune: true})
	for name, c := range map[string]struct{ objective, by, metric, other, note string }{
		"maximized":             {"fps", "largest fps", "fps", "min:fps", ""},
		"maximized, overridden": {"min:fps", "smallest fps", "fps", "", ""},
		"minimized":             {"dsp", "smallest dsp", "dsp", "max:dsp", ""},
		"a maximized formula":   {"dsp/2", "largest dsp / 2", "dsp", "min:dsp", ""},
		"a rate":                {"utilization", "largest utilization", "utilization", "min:utilization", ""},
		"a cost":                {"energy_pj", "smallest energy_pj", "energy_pj", "max:energy_pj", ""},
		"a derived value":       {"speed", "smallest speed", "", "", "write max:speed"},
		"with a space":          {" max: speed", "largest speed", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			chosen, err := results.Choose(out, results.Choice{Objective: c.objective})
			if err != nil {
				t.Fatal(err)
			}
			if chosen.By != c.by {
				t.Errorf("chosen by %q, want %q", chosen.By, c.by)
			}
			if got := chosen.Note; (got == "") != (c.note == "") || !strings.Contains(got, c.note) {
				t.Errorf("note %q, want %q", got, c.note)
			}
			if c.other == "" {
				return
			}
			other, err := results.Choose(out, results.Choice{Objective: c.other})
			if err != nil {
				t.Fatal(err)
			}
			larger := chosen.Metrics[c.metric] > other.Metrics[c.metric]
			if larger != strings.HasPrefix(c.by, "largest") {
				t.Errorf("%s chooses %v, %s %v", c.objective, chosen.Metrics[c.metric], c.other, other.Metrics[c.metric])
			}
		})
	}
	_, err := results.Choose(out, results.Choice{Objective: "lut"})
	wantError(t, err, "both ways; allowed: max:lut or min:lut")
}

// TestOtherSpellings answers each with what to write.
func TestOtherSpellings(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, load(t, sweepText), dse.Options{Out: out})
	for text, want := range map[string]string{
		"maximize: fps":              `"max:fps"`,
		"maximize fps":               `"max:fps"`,
		"MAX: fps":                   `"max:fps"`,
		"max fps":                    `"max:fps"`,
		"max=fps":                    `"max:fps"`,
		"max(fps)":                   `"max:fps"`,
		"largest fps / dsp":          `"max:fps / dsp"`,
		`{"minimize": "latency_us"}`: `"min:latency_us"`,
		"lowest dsp":                 `"min:dsp"`,
		"minimum: cycles":            `"min:cycles"`,
		"fps:max":                    `"max:fps"`,
		"dsp minimize":               `"min:dsp"`,
		"maximize: fpss":             "unknown name", // no spelling of anything
		"max:fpss":                   "unknown name fpss; did you mean fps?",
		"max(fps, dps)":              "unknown name dps",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := results.Choose(out, results.Choice{Objective: text})
			if want[0] != '"' {
				if err == nil || !strings.Contains(err.Error(), want) && !strings.Contains(err.Error(), "column") {
					t.Errorf("error %v, want %s", err, want)
				}
				return
			}
			wantError(t, err, "allowed: --objective "+want)
		})
	}
}
