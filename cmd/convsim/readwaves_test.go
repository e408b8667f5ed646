package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWavesReadByOthers: what pyvcd reads out of a .vcd, and out of what fst2vcd of
// GTKWave makes of an .fst, are the handshakes of --trace, each of them, and the states of
// stages as the report sums them up.
func TestWavesReadByOthers(t *testing.T) {
	t.Parallel()
	if err := exec.Command("python3", "-c", "import vcd.reader").Run(); err != nil {
		t.Skip("pyvcd is not installed; pip install pyvcd")
	}
	for _, c := range []struct{ hardware, layer string }{
		{"edge-8x8", "digits/digits_conv2"}, {"bursty-8x8", "quantised_onnx"}, {"parallel-4x16", "float32"},
	} {
		t.Run(c.hardware, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			run := func(args ...string) []byte {
				all := append([]string{"run", "--hw", "../../configs/hardware/" + c.hardware + ".yaml", "--layer", "../../configs/layers/" + c.layer + ".yaml"}, args...)
				out, err := convsim(all...).Output()
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			trace, vcd, fst := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.vcd"), filepath.Join(dir, "t.fst")
			want := wanted(t, trace, run("--json", "--trace", trace, "--wave", vcd))
			if diff := cmp.Diff(want, readByPython(t, "readwave.py", vcd)); diff != "" {
				t.Errorf(".vcd (-want +got):\n%.4000s", diff)
			}
			if _, err := exec.LookPath("fst2vcd"); err != nil {
				t.Skip("fst2vcd is not installed; on Debian: apt-get install gtkwave")
			}
			run("--wave", fst)
			if diff := cmp.Diff(want, readByPython(t, "readwave.py", unpacked(t, fst))); diff != "" {
				t.Errorf(".fst (-want +got):\n%.4000s", diff)
			}
			if info, err := os.Stat(fst); err != nil || info.Size() > 200_000 {
				t.Errorf("%v: %v", info, err)
			}
		})
	}
}

// TestWavesReadBySurfer: the library by which Surfer reads waveforms finds in an .fst what it finds in a .vcd: every
// change of every signal, data and the words of states among them, of a layer and of layers that take turns.
func TestWavesReadBySurfer(t *testing.T) {
	t.Parallel()
	if err := exec.Command("python3", "-c", "import pywellen").Run(); err != nil {
		t.Skip("pywellen is not installed; pip install pywellen")
	}
	dir := t.TempDir()
	hardware := filepath.Join(dir, "one-array.yaml")
	if err := os.WriteFile(hardware, []byte("{name: one-array, mode: layerwise, array: {pe: 4, simd: 4}, dram: {bytes_per_cycle: 8}}"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"layer":  {"--hw", "edge-8x8", "--layer", "digits_conv2", "--frames", "20", "--edges", "*"},
		"layers": {"--hw", hardware, "--model", "../../testdata/models/digits_lenet.onnx"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fst, vcd := filepath.Join(dir, name+".fst"), filepath.Join(dir, name+".vcd")
			for _, path := range []string{fst, vcd} {
				if out, err := convsim(append([]string{"run", "--wave", path}, args...)...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			out, err := exec.Command("python3", "testdata/samewave.py", fst, vcd).CombinedOutput()
			var signals, changes int
			if n, _ := fmt.Sscanf(string(out), "%d signals, %d changes", &signals, &changes); err != nil || n != 2 || signals < 30 || changes < 1000 {
				t.Errorf("%v\n%.2000s", err, out)
			}
		})
	}
}

// TestTracesReadByOthers: in a .json, read by the rules of the trace event format, and in a
// .pftrace, read by Perfetto's own schema or its trace processor, the states of stages sum to the
// report, skipped periods among them, and an arrow leads from every frame that goes in to
// where it comes out.
func TestTracesReadByOthers(t *testing.T) {
	t.Parallel()
	if err := exec.Command("python3", "-c", "import perfetto.protos.perfetto.trace.perfetto_trace_pb2").Run(); err != nil {
		t.Skip("Perfetto's schema is not installed; pip install perfetto")
	}
	for _, c := range []struct {
		hardware, layer string
		frames          int
	}{{"edge-8x8", "digits/digits_conv2", 200}, {"throttled-8x8", "quantised_onnx", 5}} {
		for _, ext := range []string{".json", ".pftrace"} {
			t.Run(c.hardware+ext, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "t"+ext)
				out, err := convsim("run", "--hw", "../../configs/hardware/"+c.hardware+".yaml", "--layer", "../../configs/layers/"+c.layer+".yaml",
					"--frames", fmt.Sprint(c.frames), "--json", "--wave", path).Output()
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				arrows := ""
				for _, line := range readByPython(t, "readtrace.py", path) {
					switch stage, rest, _ := strings.Cut(line, ","); stage {
					case "flows":
						arrows = rest
					case "counters":
					default:
						got = append(got, line)
					}
				}
				if diff := cmp.Diff(states(t, out), got); diff != "" {
					t.Errorf("states (-want +got):\n%s", diff)
				}
				if want := fmt.Sprintf("of frames,%d", c.frames); arrows != want {
					t.Errorf("arrows %s, want %s", arrows, want)
				}
			})
		}
	}
}

// wanted are the lines of a trace, and those of the stages of a report: of busy, starved
// and blocked cycles, and of all others.
func wanted(t *testing.T, trace string, report []byte) []string {
	t.Helper()
	csv, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Fields(string(csv))[1:] {
		edge, rest, _ := strings.Cut(line, ",")
		lines = append(lines, strings.ReplaceAll(edge, ".", "_")+","+rest)
	}
	lines = append(lines, states(t, report)...)
	if len(lines) < 10 {
		t.Fatalf("%d lines", len(lines))
	}
	slices.Sort(lines)
	return lines
}

// states are the lines of stages of a report.
func states(t *testing.T, report []byte) (lines []string) {
	t.Helper()
	var r struct {
		Stages []struct {
			Name                          string
			Busy, Starved, Blocked, Other int64
		}
	}
	if err := json.Unmarshal(report, &r); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Stages {
		for state, n := range map[string]int64{"busy": s.Busy, "starved": s.Starved, "blocked": s.Blocked, "other": s.Other} {
			if n > 0 {
				lines = append(lines, fmt.Sprintf("%s,%s,%d", strings.ReplaceAll(s.Name, ".", "_"), state, n))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// readByPython are the same lines, as read out of a dump.
func readByPython(t *testing.T, script, path string) []string {
	t.Helper()
	out, err := exec.Command("python3", "testdata/"+script, path).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var lines []string
	others := map[string]int64{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		f := strings.SplitN(line, ",", 3)
		switch f[1] {
		case "throttled", "turnaround", "finished":
			var n int64
			fmt.Sscan(f[2], &n)
			others[f[0]] += n
		default:
			lines = append(lines, line)
		}
	}
	for stage, n := range others {
		lines = append(lines, fmt.Sprintf("%s,other,%d", stage, n))
	}
	slices.Sort(lines)
	return lines
}

// unpacked makes a dump of an .fst, with states as the words that its table says.
func unpacked(t *testing.T, fst string) string {
	t.Helper()
	told, err := exec.Command("fst2vcd", "-e", fst).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(told), "$attrbegin misc 07 ")
	f := strings.Fields(table)
	plain, err := exec.Command("fst2vcd", fst).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(plain), "\n")
	states := map[string]bool{}
	for i, line := range lines {
		v := strings.Fields(line)
		if len(v) == 6 && v[0] == "$var" && v[4] == "state" {
			states[v[3]] = true
			lines[i] = "$var string 1 " + v[3] + " state $end"
		}
		if len(v) == 2 && states[v[1]] {
			for n := range 6 {
				if v[0] == "b"+f[2+6+n] {
					lines[i] = "s" + f[2+n] + " " + v[1]
				}
			}
		}
	}
	path := fst + ".vcd"
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}
