package main

import (
	"bytes"
	"context"
	"os"
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
