package dse_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/google/go-cmp/cmp"
)

// TestMain is also the program that TestKilled kills: with a folder in the environment it runs a sweep there.
func TestMain(m *testing.M) {
	if out := os.Getenv("DSE_TEST_OUT"); out != "" {
		s, err := dse.Load(os.Getenv("DSE_TEST_SWEEP"))
		if err == nil {
			_, err = s.Run(context.Background(), dse.Options{Out: out, Jobs: 2, Progress: func(dse.Progress) { time.Sleep(500 * time.Microsecond) }})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var strategies = map[string]string{
	"grid":   "",
	"random": "strategy: {random: {points: 200, seed: 7}}\n",
	"latin":  "strategy: {latin_hypercube: {points: 150, seed: 7}}\n",
	"nsga2":  "strategy: {nsga2: {budget: 120, seed: 3, population: 16}}\n",
}

func TestSameBytesForAnyJobs(t *testing.T) {
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s := load(t, sweepText+strategy)
			one := filepath.Join(t.TempDir(), "one")
			runIn(t, s, dse.Options{Out: one, Jobs: 1})
			eight := filepath.Join(t.TempDir(), "eight")
			runIn(t, s, dse.Options{Out: eight, Jobs: 8})
			sameTables(t, one, eight)
			if !bytes.Equal(read(t, one, results.ResultsFile), read(t, eight, results.ResultsFile)) {
				t.Error("results.jsonl depends on the number of jobs")
			}
		})
	}
}

func TestInterruptedAndResumed(t *testing.T) {
	for name, strategy := range strategies {
		t.Run(name, func(t *testing.T) {
			s := load(t, sweepText+strategy)
			want := filepath.Join(t.TempDir(), "whole")
			runIn(t, s, dse.Options{Out: want})
			got := filepath.Join(t.TempDir(), "parts")
			for i := range 3 {
				ctx, progress := stopAfter(5)
				_, err := s.Run(ctx, dse.Options{Out: got, Jobs: 1, Resume: true, Progress: progress})
				if !interrupted(err) && (i == 0 || err != nil) { // the workers may run ahead to the end
					t.Fatalf("run %d: error %v, want an interruption", i, err)
				}
			}
			runIn(t, s, dse.Options{Out: got, Resume: true})
			sameTables(t, want, got)
		})
	}
}

func TestShardsMerged(t *testing.T) {
	for _, name := range []string{"grid", "random", "latin"} {
		t.Run(name, func(t *testing.T) {
			s := load(t, sweepText+strategies[name])
			want := filepath.Join(t.TempDir(), "whole")
			runIn(t, s, dse.Options{Out: want})
			var dirs []string
			for i := range 7 {
				dirs = append(dirs, filepath.Join(t.TempDir(), fmt.Sprint("part", i)))
				runIn(t, s, dse.Options{Out: dirs[i], Shard: journal.Shard{Index: i + 1, Count: 7}})
			}
			got := filepath.Join(t.TempDir(), "merged")
			if _, err := results.Merge(got, dirs[1:]); err == nil || !strings.Contains(err.Error(), "are missing") {
				t.Errorf("merging six of seven: %v", err)
			}
			if _, err := os.Stat(got); err == nil {
				t.Error("a refused merge left a folder")
			}
			for _, parts := range [][]string{append(dirs, dirs[3], want), dirs} { // some points several times, then all again
				if _, err := results.Merge(got, parts); err != nil {
					t.Fatal(err)
				}
				sameTables(t, want, got)
			}
		})
	}
}

// TestKilled kills a run ten times at random moments and resumes it.
func TestKilled(t *testing.T) {
	for _, name := range []string{"grid", "nsga2"} {
		t.Run(name, func(t *testing.T) {
			path := write(t, sweepText+strategies[name], layerText)
			s, err := dse.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			want := filepath.Join(t.TempDir(), "whole")
			runIn(t, s, dse.Options{Out: want})
			got := filepath.Join(t.TempDir(), "killed")
			rng := rand.New(rand.NewPCG(1, 2))
			for range 10 {
				kill(t, path, got, time.Duration(20+rng.IntN(60))*time.Millisecond)
			}
			runIn(t, s, dse.Options{Out: got, Resume: true})
			sameTables(t, want, got)
		})
	}
}

// kill starts a run in a process of its own and kills it.
func kill(t *testing.T, sweep, out string, after time.Duration) {
	t.Helper()
	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), "DSE_TEST_OUT="+out, "DSE_TEST_SWEEP="+sweep)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := run.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = run.Wait() // it was killed
}

// TestFullDisk runs under a limit on the size of files until that is reached, and then without.
func TestFullDisk(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	path := write(t, sweepText, layerText)
	s, err := dse.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(t.TempDir(), "whole")
	runIn(t, s, dse.Options{Out: want})
	got := filepath.Join(t.TempDir(), "full")
	for _, blocks := range []string{"40", "80"} { // of 512 or 1024 bytes; the results take some 140 kB
		run := exec.Command(sh, "-c", "ulimit -f "+blocks+"; exec \"$0\"", os.Args[0])
		run.Env = append(os.Environ(), "DSE_TEST_OUT="+got, "DSE_TEST_SWEEP="+path)
		if text, err := run.CombinedOutput(); err == nil || !strings.Contains(string(text), "what is written so far is kept") {
			t.Fatalf("a full disk: %v, %s", err, text)
		}
		if _, err := os.Stat(filepath.Join(got, results.TableFile)); err == nil {
			t.Error("a failed run wrote tables")
		}
	}
	runIn(t, s, dse.Options{Out: got, Resume: true})
	sameTables(t, want, got)
}

// TestHalfWrittenLine cuts the journal at every byte of its last lines: a run continues from there.
func TestHalfWrittenLine(t *testing.T) {
	s := load(t, sweepText+"strategy: {random: {points: 8, seed: 1}}\n")
	want := filepath.Join(t.TempDir(), "whole")
	runIn(t, s, dse.Options{Out: want})
	whole := read(t, want, results.ResultsFile)
	got := filepath.Join(t.TempDir(), "cut")
	for cut := len(whole) - 700; cut <= len(whole); cut += 37 {
		if err := os.MkdirAll(got, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(got, results.ResultsFile), whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		runIn(t, s, dse.Options{Out: got, Resume: true})
		sameTables(t, want, got)
		if !bytes.Equal(whole, read(t, got, results.ResultsFile)) {
			t.Errorf("cut at %d: results.jsonl is not as if never cut", cut)
		}
	}
}

// TestPruningKeepsTheFront checks that pruned points would not have been on it, and that enough are pruned to matter.
func TestPruningKeepsTheFront(t *testing.T) {
	objectives := map[string]string{
		"two costs":     "",
		"rates":         "  - maximize: fps\n  - maximize: utilization\n",
		"time":          "  - minimize: latency_us\n  - minimize: interval\n",
		"formula":       "  - minimize: cycles * dsp\n",
		"static sum":    "  - minimize: lut + 10 * dsp\n",
		"wrong side":    "",
		"derived speed": "  - maximize: speed\n",
	}
	for name, more := range objectives {
		for _, strategy := range []string{"grid", "random", "nsga2"} {
			if strategy != "grid" && name != "time" {
				continue
			}
			t.Run(name+"/"+strategy, func(t *testing.T) {
				text := sweepText + more
				if name == "wrong side" {
					text = strings.Replace(sweepText, "minimize: cycles", "maximize: cycles", 1)
				}
				s := load(t, text+strategies[strategy])
				pruned, all := filepath.Join(t.TempDir(), "pruned"), filepath.Join(t.TempDir(), "all")
				with := runIn(t, s, dse.Options{Out: pruned})
				without := runIn(t, s, dse.Options{Out: all, NoPrune: true})
				if diff := cmp.Diff(string(read(t, all, results.FrontFile)), string(read(t, pruned, results.FrontFile))); diff != "" {
					t.Errorf("pruning changed the front (-without +with):\n%s", diff)
				}
				if without.Pruned != 0 || with.Pruned == 0 {
					t.Errorf("%d pruned with --no-prune, %d without it", without.Pruned, with.Pruned)
				}
			})
		}
	}
}

// TestPruningDoesNotMislead: a search that learns asks for the same points with and without pruning.
func TestPruningDoesNotMislead(t *testing.T) {
	points := regexp.MustCompile(`(?m)^\d+,`)
	for seed := range 4 {
		s := load(t, strings.Replace(sweepText, "fits && dsp <= 100", "dsp <= 30", 1)+fmt.Sprintf("strategy: {nsga2: {budget: 150, population: 8, seed: %d}}\n", seed))
		pruned, all := filepath.Join(t.TempDir(), "pruned"), filepath.Join(t.TempDir(), "all")
		with := runIn(t, s, dse.Options{Out: pruned})
		runIn(t, s, dse.Options{Out: all, NoPrune: true})
		want, got := points.FindAllString(string(read(t, all, results.TableFile)), -1), points.FindAllString(string(read(t, pruned, results.TableFile)), -1)
		if !slices.Equal(want, got) || with.Pruned == 0 {
			t.Errorf("seed %d: other points with pruning (%d pruned)", seed, with.Pruned)
		}
	}
}

// TestBoundsPrune checks that bounds prune, not only constraints.
func TestBoundsPrune(t *testing.T) {
	s := load(t, sweepText)
	out := filepath.Join(t.TempDir(), "out")
	runIn(t, s, dse.Options{Out: out})
	if n := bytes.Count(read(t, out, results.TableFile), []byte("bound: another point")); n < 50 {
		t.Errorf("%d points pruned by bounds, want 50 or more", n)
	}
}

// TestEditReuses adds a value to an axis: only new points are evaluated, and the tables are those of a fresh run.
func TestEditReuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	before := load(t, sweepText)
	first := runIn(t, before, dse.Options{Out: out, NoPrune: true})
	after := load(t, strings.Replace(sweepText, "[1, 8, 1]", "[1, 9, 1]", 1))
	if _, err := after.Run(context.Background(), dse.Options{Out: out, Resume: true}); err == nil {
		t.Error("--resume went on with a changed sweep")
	}
	second := runIn(t, after, dse.Options{Out: out, NoPrune: true})
	if second.Reused != first.OK || second.OK <= first.OK {
		t.Errorf("%d of %d results reused, then %d", second.Reused, first.OK, second.OK)
	}
	fresh := filepath.Join(t.TempDir(), "fresh")
	runIn(t, after, dse.Options{Out: fresh, NoPrune: true})
	sameTables(t, fresh, out)
}

// TestRowsMeanWhatTheySay checks a few rows against what the design must be.
func TestRowsMeanWhatTheySay(t *testing.T) {
	s := load(t, sweepText)
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out, NoPrune: true})
	rows, err := csv.NewReader(bytes.NewReader(read(t, out, results.TableFile))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	if len(rows) != 337 || summary.Illegal == 0 {
		t.Fatalf("%d rows, %d illegal", len(rows)-1, summary.Illegal)
	}
	for i, row := range rows[1:] {
		cell := func(name string) string { return row[column[name]] }
		if cell("index") != fmt.Sprint(i) {
			t.Fatalf("row %d has index %s", i, cell("index"))
		}
		switch {
		case cell("array.simd") == "0" && cell("status") != "illegal":
			t.Errorf("row %d: array.simd 0 is %s", i, cell("status"))
		case cell("status") == "ok" && cell("macs") != "18144": // 7*6*8*6*9
			t.Errorf("row %d: %s MACs", i, cell("macs"))
		case cell("status") == "illegal" && cell("array.simd") != "0" && !strings.HasPrefix(cell("reason"), "window.buffer_depth: "):
			t.Errorf("row %d: illegal for %q", i, cell("reason"))
		}
	}
}

// TestBoardAsNumbers: the budget of the board by resource is what fits means.
func TestBoardAsNumbers(t *testing.T) {
	tables := map[string]string{}
	for _, constraint := range []string{"fits", "dsp <= board.dsp && lut <= board.lut && ff <= board.ff && bram18 <= board.bram18 && uram <= board.uram"} {
		s := load(t, strings.NewReplacer("fits && dsp <= 100", constraint, "[1, 8, 1]", "[1, 512, 73]").Replace(sweepText))
		out := filepath.Join(t.TempDir(), "out")
		summary := runIn(t, s, dse.Options{Out: out})
		if summary.Pruned == 0 || summary.OK == 0 {
			t.Errorf("%d pruned, %d ok", summary.Pruned, summary.OK)
		}
		tables[constraint] = string(read(t, out, results.FrontFile))
	}
	if want, got := tables["fits"], tables["dsp <= board.dsp && lut <= board.lut && ff <= board.ff && bram18 <= board.bram18 && uram <= board.uram"]; want != got {
		t.Errorf("front mismatch (-fits +numbers):\n%s", cmp.Diff(want, got))
	}
}

// TestDeadlocksAreRows runs designs whose source falls silent: each is a row with its reason, and the sweep goes on.
func TestDeadlocksAreRows(t *testing.T) {
	s := load(t, strings.Replace(sweepText, "clock_mhz: 100}", "source: {cycles: [0, 1, 5]}}", 1))
	out := filepath.Join(t.TempDir(), "out")
	summary := runIn(t, s, dse.Options{Out: out})
	if summary.Failed == 0 || summary.OK != 0 || len(summary.Front) != 0 {
		t.Errorf("%d failed, %d ok, %d on the front", summary.Failed, summary.OK, len(summary.Front))
	}
	if !bytes.Contains(read(t, out, results.TableFile), []byte(",failed,deadlock: nothing moves after cycle ")) {
		t.Error("no row says why it failed")
	}
}
