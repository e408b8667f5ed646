package journal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawnRow is a random row of three parameters.
func drawnRow(t *rapid.T) Row {
	row := Row{
		Index:   rapid.Int64Range(0, 1<<62).Draw(t, "index"),
		Key:     rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "key"),
		Status:  rapid.SampledFrom([]Status{OK, Illegal, Failed, Pruned}).Draw(t, "status"),
		Values:  []space.Value{space.Int(rapid.Int64().Draw(t, "int")), space.String(rapid.String().Draw(t, "text")), space.Bool(true)},
		Metrics: metric.Unknown(),
	}
	if row.Status != OK {
		row.Reason = rapid.StringN(1, 50, -1).Draw(t, "reason")
		return row
	}
	for i := range row.Metrics {
		if rapid.Bool().Draw(t, "known") {
			row.Metrics[i] = rapid.Float64Range(-1e300, 1e300).Draw(t, "metric")
		}
	}
	return row
}

// TestRowLine writes rows and reads them back.
func TestRowLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := drawnRow(t)
		line := appendRow([]byte("before"), &row, []string{"array.pe", `a "key"`, "é"})
		line, found := bytes.CutSuffix(line[len("before"):], []byte("\n"))
		if !found || bytes.ContainsRune(line, '\n') || !json.Valid(line) {
			t.Fatalf("not one line of JSON: %q", line)
		}
		if err := sealed(line); err != nil {
			t.Fatal(err)
		}
		got, err := parseRow(line)
		if err != nil {
			t.Fatal(err)
		}
		row.Values = nil
		if diff := cmp.Diff(row, got, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("row mismatch (-want +got):\n%s", diff)
		}
		index, _, status, err := headOf(line)
		if err != nil || index != row.Index || status != row.Status {
			t.Fatalf("head %d, %s, %v", index, status, err)
		}
		at := rapid.IntRange(0, len(line)-1).Draw(t, "damaged byte")
		line[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "damaged bit")
		if sealed(line) == nil {
			t.Fatalf("damage at %d of %q goes unnoticed", at, line)
		}
	})
}

// FuzzJournal reads whatever a disk may hold.
func FuzzJournal(f *testing.F) {
	row := Row{Status: OK, Key: "0123456789abcdef0123456789abcdef", Metrics: metric.Unknown()}
	f.Add(appendRow(nil, &row, nil))
	f.Add(seal([]byte(headerStart + `"x","definition":{}`)))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "results.jsonl")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		j, err := Read(path, false, func(*Header) error { return nil })
		if err != nil {
			return
		}
		if rest := text[j.end:]; bytes.ContainsRune(rest, '\n') {
			t.Errorf("%q was passed over", rest)
		}
		if err := j.file.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
