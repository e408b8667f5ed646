package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeShowsWhatTheProgramPrints runs the demo of the Makefile and looks
// for its output in the README.
func TestReadmeShowsWhatTheProgramPrints(t *testing.T) {
	t.Chdir("../..")
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, demo, ok := strings.Cut(string(makefile), "@$(BIN) run ")
	if !ok {
		t.Fatal("the Makefile has no demo that runs a layer")
	}
	args, _, _ := strings.Cut(demo, "\n")
	var out, talk bytes.Buffer
	if code := Main(context.Background(), append([]string{"run"}, strings.Fields(args)...), streams{out: &out, err: &talk}); code != exitOK {
		t.Fatalf("the demo ends with %d: %s", code, talk.String())
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "`make demo` prints\n\n```text\n")
	shown, _, _ = strings.Cut(shown, "```\n")
	if diff := cmp.Diff(out.String(), shown); diff != "" {
		t.Errorf("README.md shows something else than the demo prints (-printed +shown):\n%s", diff)
	}
}

// TestSweepPageShowsWhatTheProgramPrints types what docs/sweeps.md shows as a console: every line it
// shows is printed, in that order; "..." stands for any lines.
func TestSweepPageShowsWhatTheProgramPrints(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "sweeps.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(filepath.Join(root, "configs"), "configs"); err != nil {
		t.Skip("no symbolic links on this system:", err)
	}
	shown := 0
	for _, block := range strings.Split(string(page), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		_, typed, _ := strings.Cut("\n"+block, "\n$ ")
		for conversation := range strings.SplitSeq(typed, "\n$ ") {
			if conversation != "" {
				command, answer, _ := strings.Cut(conversation, "\n")
				inOrder(t, command, answer, typedIn(t, command))
				shown++
			}
		}
	}
	if shown < 4 {
		t.Errorf("%d commands", shown)
	}
}

// typedIn is what a command prints: one of convsim, or cat.
func typedIn(t *testing.T, command string) string {
	words := strings.Fields(strings.NewReplacer("'fps >= 450'", "fps>=450").Replace(command))
	if words[0] == "cat" {
		text, err := os.ReadFile(words[1])
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var out bytes.Buffer
	if code := Main(context.Background(), words[1:], streams{out: &out, err: &out}); code != exitOK {
		t.Fatalf("%s ends with %d: %s", command, code, out.String())
	}
	return out.String()
}

// inOrder fails where a line that is shown is not printed behind the one before.
func inOrder(t *testing.T, command, shown, printed string) {
	rest := "\n" + printed
	for line := range strings.SplitSeq(strings.TrimRight(shown, "\n"), "\n") {
		if strings.HasPrefix(line, "...") {
			continue
		}
		_, behind, ok := strings.Cut(rest, "\n"+line+"\n")
		if !ok {
			t.Errorf("%s does not print, behind what comes before:\n%s", command, line)
			continue
		}
		rest = "\n" + behind
	}
}
