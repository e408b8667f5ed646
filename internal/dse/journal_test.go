package dse_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/results"
)

// journalOf runs a few points of the small sweep and returns its journal, and the lines of that.
func journalOf(t *testing.T) (s *dse.Sweep, out, path string, lines [][]byte) {
	t.Helper()
	s = load(t, sweepText+few)
	out = filepath.Join(t.TempDir(), "out")
	runIn(t, s, dse.Options{Out: out, NoPrune: true})
	path = filepath.Join(out, results.ResultsFile)
	return s, out, path, bytes.SplitAfter(read(t, path), []byte("\n"))
}

// resealed changes a line and gives it the checksum of what it has then, as another version would.
func resealed(line []byte, old, changed string) []byte {
	text := bytes.Replace(line, []byte(old), []byte(changed), 1)
	content := text[:bytes.LastIndex(text, []byte(`,"sum":"`))]
	return fmt.Appendf(bytes.Clone(content), ",\"sum\":\"%08x\"}\n", crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli)))
}

func overwrite(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestJournalOfAnotherVersion: its lines are results, never called damaged, and nobody is told to do without them.
func TestJournalOfAnotherVersion(t *testing.T) {
	s, out, path, lines := journalOf(t)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, text := range map[string][]byte{
		"a newer header":               join(resealed(lines[0], `{"v":1,`, `{"v":2,`), lines[1]),
		"newer, with other sums":       []byte(`{"v":2,"hash":"abc","sweep":{}}` + "\n"),
		"newer, the key elsewhere":     []byte(`{"hash":"abc","v": 12}` + "\n"),
		"a version that is a text":     []byte(`{"v":"2.0","hash":"abc"}` + "\n"),
		"newer without a line break":   []byte(`{"v":2,"identity":"abc"}`),
		"newer and half written":       []byte(`{"v":2,"identity":"ab`),
		"a newer row below":            join(lines[0], lines[1], resealed(lines[2], `{"v":1,`, `{"v":3,`)),
		"a newer half row below":       join(lines[0], lines[1], []byte(`{"v":3,"ind`)),
		"a status of another version":  join(lines[0], resealed(lines[1], `"status":"`, `"status":"not-`)),
		"a value of another version":   join(resealed(lines[0], `"frames":3`, `"frames":4`), lines[1]),
		"a type of another version":    join(resealed(lines[0], `"frames":3`, `"frames":[3]`), lines[1]),
		"a row before any, of another": join(resealed(lines[1], `{"v":1,`, `{"v":2,`)),
	} {
		t.Run(name, func(t *testing.T) {
			overwrite(t, path, text)
			check := func(_ any, err error) {
				t.Helper()
				wantError(t, err, "another version of convsim wrote this line", "Nothing was changed", "the version that wrote it")
				if strings.Contains(err.Error(), "damaged") || strings.Contains(err.Error(), "without") {
					t.Errorf("error %q calls it damaged or advises it away", err)
				}
			}
			check(s.Run(context.Background(), dse.Options{Out: out}))
			check(results.Choose(out, results.Choice{Objective: "cycles"}))
			check(results.Merge(filepath.Join(t.TempDir(), "all"), []string{out}))
			if !bytes.Equal(text, read(t, path)) {
				t.Error("the journal was changed")
			}
		})
	}
}

// TestTail: a line that was being written is cut off, and nothing else.
func TestTail(t *testing.T) {
	s, out, path, lines := journalOf(t)
	whole := bytes.Join(lines, nil)
	for _, tail := range []string{"{", `{"v":1,"inde`, `{"v":1,"index":0,"key":"00`, `{"v":1,"identity":"00`} {
		overwrite(t, path, append(bytes.Clone(whole), tail...))
		runIn(t, s, dse.Options{Out: out, Resume: true, NoPrune: true})
		if !bytes.Equal(whole, read(t, path)) {
			t.Errorf("the half line %s is still there", tail)
		}
	}
	for _, text := range []string{"my notes, without a line break", string(whole) + "my notes"} {
		overwrite(t, path, []byte(text))
		_, err := s.Run(context.Background(), dse.Options{Out: out, Resume: true, NoPrune: true})
		wantError(t, err, "does not start as a line of results does")
		if string(read(t, path)) != text {
			t.Error("the file was changed")
		}
	}
}

// TestContradictingRows: of two results of a point nothing says which is right. The same one twice does no harm.
func TestContradictingRows(t *testing.T) {
	s, out, path, lines := journalOf(t)
	at := slices.IndexFunc(lines, func(line []byte) bool { return bytes.Contains(line, []byte(`"status":"ok"`)) })
	other := resealed(lines[at], `"cycles":`, `"cycles":1`)
	whole := bytes.Join(lines, nil)
	overwrite(t, path, append(bytes.Clone(whole), other...))
	check := func(_ any, err error) {
		t.Helper()
		wantError(t, err, fmt.Sprintf("%s:%d: point ", results.ResultsFile, len(lines)), fmt.Sprintf("another result here than in line %d", at+1),
			"Nothing was changed")
	}
	check(s.Run(context.Background(), dse.Options{Out: out, NoPrune: true}))
	check(results.Choose(out, results.Choice{Objective: "cycles"}))
	if !bytes.Equal(append(bytes.Clone(whole), other...), read(t, path)) {
		t.Error("the journal was changed")
	}

	overwrite(t, path, append(bytes.Clone(whole), lines[at]...))
	if _, err := results.Choose(out, results.Choice{Objective: "cycles"}); err != nil {
		t.Errorf("the same row twice: %v", err)
	}

	second := filepath.Join(t.TempDir(), "second")
	if err := os.MkdirAll(second, 0o755); err != nil {
		t.Fatal(err)
	}
	lines[at] = other
	overwrite(t, filepath.Join(second, results.ResultsFile), bytes.Join(lines, nil))
	all := filepath.Join(t.TempDir(), "all")
	_, err := results.Merge(all, []string{out, second})
	wantError(t, err, "contradict each other: point ", "ok with 1")
	if _, err := os.Stat(all); err == nil {
		t.Error("a refused merge left a folder")
	}
}

// TestRowOfAnotherDesign: a row belongs to the design that its point is, which the key says.
func TestRowOfAnotherDesign(t *testing.T) {
	_, out, path, lines := journalOf(t)
	index := regexp.MustCompile(`"index":\d+`)
	lines[2] = resealed(lines[2], string(index.Find(lines[2])), `"index":300`)
	overwrite(t, path, bytes.Join(lines, nil))
	_, err := results.Choose(out, results.Choice{Objective: "cycles"})
	wantError(t, err, "the row of point 300 is that of another design")
}
