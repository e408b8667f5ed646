package runpage_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestHistoryAsWritten: every form of a run, as the page reads it.
func TestHistoryAsWritten(t *testing.T) {
	h := &clock.History{Runs: []clock.Run{
		{Cycles: 300, Times: 1, Cause: clock.Starved},
		{Cycles: 2, Times: 5, Cause: clock.Blocked},
		{Cycles: 3, Times: 129, Of: []clock.Run{{Cycles: 1, Times: 1}, {Cycles: 2, Times: 1, Cause: clock.Finished}}},
		{Cycles: 4, Times: 2, Mix: &clock.Shares{3, 1}},
	}}
	text, err := json.Marshal(runpage.History{h})
	if err != nil {
		t.Fatal(err)
	}
	var encoded string
	if err := json.Unmarshal(text, &encoded); err != nil {
		t.Fatal(err)
	}
	packed, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{
		1,       // one history
		0,       // whose order is known
		4,       // of four runs
		1,       // starved, once
		0xac, 2, // 300 cycles
		2 | 1<<3, 2, 5, // blocked, 2 cycles, 5 times
		2 << 3, 3, 0x81, 1, 2, 0, 1, 5, 2, // 3 cycles, 129 times, of two runs
		3 << 3, 4, 2, 3, 1, 0, 0, 0, 0, // 4 cycles, 2 times, by cause
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPerHistory: many histories share what a page holds; each has some.
func TestPerHistory(t *testing.T) {
	if n := runpage.PerHistory(20); n*20 > runpage.MostRuns || n < 1000 {
		t.Errorf("%d runs for each of 20 histories", n)
	}
	if n := runpage.PerHistory(1 << 20); n < 10 {
		t.Errorf("%d runs for each of a million histories", n)
	}
}
