package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestInterrupted: Ctrl-C ends a long run soon, with exit code 130 and a word,
// whatever it is busy with; no file is left.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no interrupts to send")
	}
	configs := "../../configs/"
	for name, flags := range map[string][]string{
		"time":   {"--no-values", "--no-fast-forward"},
		"values": {"--no-verify", "--output", "y.npy"},
		"both":   {"--output", "y.npy", "--trace", "t.csv"},
		"vcd":    {"--no-values", "--wave", "w.vcd"},
		"json":   {"--no-values", "--wave", "w.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for i, f := range flags {
				if filepath.Ext(f) != "" {
					flags[i] = filepath.Join(dir, f)
				}
			}
			run := append([]string{"run", "--hw", configs + "hardware/minimal-1x1.yaml", "--layer", configs + "layers/vgg16_conv1_2.yaml",
				"--frames", "100"}, flags...)
			var cmd *exec.Cmd
			var out, talk bytes.Buffer
			var sent time.Time
			for wait := 300 * time.Millisecond; ; wait *= 4 {
				cmd = convsim(run...)
				cmd.Stdout, cmd.Stderr = &out, &talk
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(wait)
				sent = time.Now()
				if err := cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
				cmd.Wait()                                                    // its error is the exit code
				if cmd.ProcessState.ExitCode() >= 0 || wait > 4*time.Second { // else it had not even begun
					break
				}
			}
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || talk.String() != "convsim: interrupted\n" || out.Len() > 0 {
				t.Errorf("code %d, %q, %d bytes of output", code, talk.String(), out.Len())
			}
			if took := time.Since(sent); took > 10*time.Second {
				t.Errorf("ending took %v", took)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestFullDisk: a waveform of days that cannot be written is given up at once.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no full device on this system:", err)
	}
	for _, kind := range []string{".vcd", ".json", ".pftrace"} {
		path := filepath.Join(t.TempDir(), "wave"+kind)
		if err := os.Symlink("/dev/full", path); err != nil {
			t.Fatal(err)
		}
		cmd := convsim("run", "--hw", "../../configs/hardware/minimal-1x1.yaml", "--layer", "../../configs/layers/vgg16_conv1_2.yaml",
			"--frames", "10000", "--no-values", "--wave", path)
		talk, begun := new(bytes.Buffer), time.Now()
		cmd.Stderr = talk
		cmd.Run() // its error is the exit code
		want := "convsim: write " + path + ": no space left on device\n"
		if code := cmd.ProcessState.ExitCode(); code != exitUsage || talk.String() != want {
			t.Errorf("code %d, %q, want %q", code, talk, want)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("ending took %v", took)
		}
	}
}

// TestInterruptedWhileFilesAreRead: the first signal ends a run that waits for a
// file which never comes, or for a reader.
func TestInterruptedWhileFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, toWrite := filepath.Join(dir, "pipe.yaml"), filepath.Join(dir, "pipe.npy")
	for _, path := range []string{pipe, toWrite} {
		if err := makePipe(path); err != nil {
			t.Skip("no named pipes on this system:", err)
		}
	}
	const hw, layer = "../../configs/hardware/edge-8x8.yaml", "../../configs/layers/reflect.yaml"
	for name, args := range map[string][]string{
		"hardware":    {"run", "--hw", pipe, "--layer", layer},
		"layer":       {"run", "--hw", hw, "--layer", pipe},
		"board":       {"run", "--hw", hw, "--layer", layer, "--board", pipe},
		"tensor":      {"run", "--hw", hw, "--layer", layer, "--weight", pipe},
		"sweep":       {"sweep", pipe},
		"regression":  {"regress", "--hw", pipe, "../../testdata/golden/qconv.zip"},
		"measurement": {"bench", "--hw", pipe},
		"writing":     {"run", "--hw", hw, "--layer", layer, "--output", toWrite, "--json"},
	} {
		for want, s := range map[int]os.Signal{130: os.Interrupt, 143: syscall.SIGTERM} {
			t.Run(fmt.Sprint(name, " ", s), func(t *testing.T) {
				t.Parallel()
				code, talk := interrupted(t, args, s, 500*time.Millisecond)
				for wait := 2 * time.Second; code < 0 && wait < time.Minute; wait *= 4 {
					code, talk = interrupted(t, args, s, wait) // it had not listened to signals yet
				}
				if code != want || talk != "convsim: interrupted\n" {
					t.Errorf("code %d, %q", code, talk)
				}
			})
		}
	}
}

// interrupted sends a signal to a command after a while, and returns its exit code, -1
// if the signal killed it, and what it said.
func interrupted(t *testing.T, args []string, s os.Signal, after time.Duration) (int, string) {
	t.Helper()
	cmd := convsim(args...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	dead := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	cmd.Wait() // its error is the exit code
	dead.Stop()
	return cmd.ProcessState.ExitCode(), talk.String()
}
