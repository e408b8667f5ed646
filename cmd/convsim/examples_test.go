package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/textwrap"
)

// allCommands are the commands a user can call, the program itself included.
func allCommands(root *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			list = append(list, allCommands(c)...)
		}
	}
	return list
}

func TestEveryHelpHasAnExample(t *testing.T) {
	for _, c := range allCommands(newRoot(streams{})) {
		if !strings.Contains(c.Example, "convsim") {
			t.Errorf("%s --help has no example", c.CommandPath())
		}
	}
}

// TestHelpFitsTheTerminal, what comes with cobra aside.
func TestHelpFitsTheTerminal(t *testing.T) {
	for _, c := range allCommands(newRoot(streams{})) {
		if strings.Contains(c.CommandPath(), "completion") {
			continue
		}
		var out bytes.Buffer
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		if code := Main(context.Background(), args, streams{out: &out, err: &out}); code != exitOK || out.Len() == 0 {
			t.Errorf("%v: code %d", args, code)
		}
		for line := range strings.Lines(out.String()) {
			if textwrap.Len(strings.TrimSuffix(line, "\n")) > textwrap.Width {
				t.Errorf("%v: too long: %s", args, line)
			}
		}
	}
}

// TestHelpOntoAFullDisk is an error.
func TestHelpOntoAFullDisk(t *testing.T) {
	full, write := io.Pipe()
	full.Close()
	for _, args := range []string{"", "--help", "run --help", "help run"} {
		var talk bytes.Buffer
		if code := Main(context.Background(), strings.Fields(args), streams{out: write, err: &talk}); code != exitUsage || talk.Len() == 0 {
			t.Errorf("%q: code %d, %q", args, code, talk.String())
		}
	}
}

// TestExamplesWork pastes the examples of the short commands at the top of the
// repository.
func TestExamplesWork(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // for what examples write
	if err := os.Symlink(filepath.Join(root, "testdata"), "testdata"); err != nil {
		t.Skip("no symbolic links on this system:", err)
	}
	short := map[string]bool{"convsim": true, "run": true, "schema": true, "version": true, "boards": true, "diff": true}
	ran := 0
	for _, c := range allCommands(newRoot(streams{})) {
		if !short[c.Name()] {
			continue
		}
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), " > ")
			args := strings.Fields(line)
			if strings.Contains(line, "my.yaml") || strings.Contains(line, "before.json") || strings.Contains(line, "wave.vcd") {
				continue // of the user's own
			}
			if len(args) == 0 || args[0] != "convsim" {
				t.Errorf("%s: example %q does not call convsim", c.Name(), line)
				continue
			}
			var out, talk bytes.Buffer
			if code := Main(context.Background(), args[1:], streams{out: &out, err: &talk}); code != exitOK || out.Len() == 0 || talk.Len() > 0 {
				t.Errorf("%s: code %d, %d bytes of output, %s", line, code, out.Len(), talk.String())
			}
			ran++
		}
	}
	if ran < 6 {
		t.Errorf("only %d examples ran", ran)
	}
}
