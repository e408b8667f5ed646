package rtl

import (
	"path/filepath"
	"testing"
)

func TestTables(t *testing.T) {
	paths, err := filepath.Glob("../testdata/finn/*.csv")
	if err != nil || len(paths) != 5 {
		t.Fatalf("tables: %v, %v; want 5", paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			table, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range table.Len() {
				if o := table.Run(i); o.Failed() {
					t.Errorf("%s:%d: %s: %v %v %s", path, o.Line, o.ID, o.Diffs, o.Err, o.First)
				}
			}
		})
	}
}
