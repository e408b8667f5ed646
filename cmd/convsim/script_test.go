package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output in the scripts anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"convsim": main})
}

// TestScripts runs the command line as its users do: testdata/script holds one
// conversation a file. $CONFIGS and $TESTDATA name the shipped configurations
// and the repository's test data.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Cmds:               scriptCommands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CONFIGS", filepath.Join(root, "configs"))
			e.Setenv("TESTDATA", filepath.Join(root, "testdata"))
			e.Setenv("GOCOVERDIR", os.Getenv("GOCOVERDIR"))
			return nil
		},
	})
}
