package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// scriptCommands are the commands that scripts have beside testscript's own.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"npy":        makeNPY,
	"cut":        cutFile,
	"promise":    promiseNPY,
	"marked":     markFile,
	"long":       longFile,
	"shorter":    shorterThan,
	"folder":     folderHolds,
	"report":     reportKeeps,
	"field":      fieldIs,
	"handshakes": handshakesAgree,
	"rss":        residentBelow,
}

// makeNPY writes a tensor that counts up: npy FILE DTYPE SHAPE, as 1x2x3.
func makeNPY(ts *testscript.TestScript, _ bool, args []string) {
	dtype, err := tensor.ParseDType(args[1])
	ts.Check(err)
	var shape []int
	for word := range strings.SplitSeq(args[2], "x") {
		n, err := strconv.Atoi(word)
		ts.Check(err)
		shape = append(shape, n)
	}
	t, err := tensor.New(dtype, shape...)
	ts.Check(err)
	switch v := t.Data.(type) {
	case []int8:
		count(v)
	case []uint8:
		count(v)
	case []int32:
		count(v)
	case []float32:
		for i := range v {
			v[i] = float32(i%11)/4 - 1
		}
	default:
		ts.Fatalf("npy cannot make %s", dtype)
	}
	ts.Check(tensor.WriteNPY(ts.MkAbs(args[0]), t))
}

func count[T int8 | uint8 | int32](v []T) {
	for i := range v {
		v[i] = T(i % 101)
	}
}

// promiseNPY writes the header of a tensor of int8 and no elements: promise
// FILE SHAPE, as (1, 2, 3).
func promiseNPY(ts *testscript.TestScript, _ bool, args []string) {
	header := fmt.Sprintf("{'descr': '|i1', 'fortran_order': False, 'shape': %s, }\n", args[1])
	start := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append(start, header...), 0o644))
}

// markFile copies a text as some editors save it: with a byte order mark and
// the line ends of Windows: marked NEW OLD.
func markFile(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[1]), "\n", "\r\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\ufeff"+text), 0o644))
}

// longFile writes a text many times: long FILE TEXT TIMES. A text with a %d gets
// lines of its own, which count.
func longFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	var b strings.Builder
	for i := range n {
		if strings.Contains(args[1], "%d") {
			fmt.Fprintf(&b, args[1]+"\n", i)
		} else {
			b.WriteString(args[1])
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

// shorterThan checks the length of a file or stream: shorter FILE BYTES.
func shorterThan(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if got := len(ts.ReadFile(args[0])); got >= n {
		ts.Fatalf("%s has %d bytes, want less than %d", args[0], got, n)
	}
}

// cutFile keeps the first bytes of a file: cut FILE BYTES.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// folderHolds checks that a folder holds the named files and no others, hidden
// ones included: folder DIR FILE...
func folderHolds(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(got, want) {
		ts.Fatalf("%s holds %v, want %v", args[0], got, want)
	}
}

// contractKeys are what --json of a run promises.
var contractKeys = []string{"cycles", "first_output_cycle", "steady_interval", "macs", "macs_per_cycle", "utilization",
	"clock_mhz", "latency_us", "fps", "verified", "stages", "fifos", "buffers", "layers"}

// reportKeeps checks that a file holds a report that keeps the contract:
// report FILE.
func reportKeeps(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	var keys map[string]any
	ts.Check(json.Unmarshal([]byte(text), &keys))
	for _, key := range contractKeys {
		if _, ok := keys[key]; !ok {
			ts.Fatalf("the report has no %s", key)
		}
	}
	for _, key := range []string{"stages", "fifos", "buffers", "layers"} {
		if _, ok := keys[key].([]any); !ok {
			ts.Fatalf("%s is %v, not a list", key, keys[key])
		}
	}
	var r sim.Report
	ts.Check(json.Unmarshal([]byte(text), &r))
	for _, s := range r.Stages {
		if sum := s.Busy + s.Starved + s.Blocked + s.Other; sum != s.Total || s.Total != r.Cycles {
			ts.Fatalf("stage %s: causes sum to %d of %d, in a run of %d cycles", s.Name, sum, s.Total, r.Cycles)
		}
		if s.Other != s.Throttled+s.Turnaround+s.Finished {
			ts.Fatalf("stage %s: other is %d, its parts are %d, %d, %d", s.Name, s.Other, s.Throttled, s.Turnaround, s.Finished)
		}
	}
	for _, f := range r.FIFOs {
		if f.MaxOccupancy > int64(f.Depth) || f.FullCycles+f.EmptyCycles > r.Cycles {
			ts.Fatalf("FIFO %+v in a run of %d cycles", f, r.Cycles)
		}
	}
	if r.Utilization < 0 || r.Utilization > 1 {
		ts.Fatalf("utilization is %v", r.Utilization)
	}
}

// fieldIs checks fields at the top of a JSON file: field FILE KEY JSON...
func fieldIs(ts *testscript.TestScript, neg bool, args []string) {
	var keys map[string]json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &keys))
	for pair := range slices.Chunk(args[1:], 2) {
		if got := string(keys[pair[0]]); (got == pair[1]) == neg {
			ts.Fatalf("%s is %s, want %s (negated: %v)", pair[0], got, pair[1], neg)
		}
	}
}

// handshakesAgree checks that a trace holds the beats of a report, and none
// after its last cycle: handshakes TRACE REPORT.
func handshakesAgree(ts *testscript.TestScript, _ bool, args []string) {
	var r sim.Report
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &r))
	out := map[string]int64{}
	for i, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		fields := strings.Split(line, ",")
		if i == 0 {
			continue
		}
		beats, last, err := countSpans(fields[2])
		ts.Check(err)
		if last >= r.Cycles {
			ts.Fatalf("%s moves in cycle %d of %d", fields[0], last, r.Cycles)
		}
		if fields[1] != "in" {
			out[fields[0]] = beats
		} else if beats < out[fields[0]] {
			ts.Fatalf("%s: %d beats in", fields[0], beats)
		}
	}
	for _, f := range r.FIFOs {
		if out[f.Name] != f.Beats || f.Beats == 0 {
			ts.Fatalf("%s: %d handshakes in the trace, %d beats in the report", f.Name, out[f.Name], f.Beats)
		}
	}
}

// countSpans counts the cycles of "3;7-9" and returns the last.
func countSpans(text string) (n, last int64, err error) {
	for span := range strings.SplitSeq(text, ";") {
		var first int64
		if !strings.Contains(span, "-") {
			span += "-" + span
		}
		if _, err := fmt.Sscanf(span, "%d-%d", &first, &last); err != nil {
			return 0, 0, fmt.Errorf("cycles %q: %w", span, err)
		}
		n += last - first + 1
	}
	return n, last, nil
}

// residentBelow runs a command that has to fail with code 2 within a bound of
// memory and say why: rss MEGABYTES TEXT convsim ARG...
func residentBelow(ts *testscript.TestScript, _ bool, args []string) {
	megabytes, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	cmd := convsim(args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), args[1]) {
		ts.Fatalf("%v: %v\n%swant exit code %d and %q", args[2:], cmd.ProcessState, out, exitUsage, args[1])
	}
	if peak, ok := peakMemory(cmd.ProcessState); ok && peak > megabytes<<20 {
		ts.Fatalf("%v took %d MB, want at most %d", args[2:], peak>>20, megabytes)
	}
}

// convsim is this program in a process of its own.
func convsim(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Args[0] = "convsim" // TestMain tells by it what to be
	return cmd
}
