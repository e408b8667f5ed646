// Package examples holds programs that use convsim as a library; the test runs them.
package examples

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the outputs anew")

func TestPrograms(t *testing.T) {
	programs, err := filepath.Glob("*/main.go")
	if err != nil || len(programs) < 3 {
		t.Fatal(programs, err)
	}
	for _, p := range programs {
		folder := filepath.Dir(p)
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			got, err := exec.Command("go", "run", "./"+folder).Output()
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join(folder, "output.txt")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
