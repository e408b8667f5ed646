// Command genschema writes the JSON Schema files of all kinds of YAML files into the folder schema.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/convsim/convsim/internal/wholefile"
)

func main() {
	if err := generate("schema"); err != nil {
		fmt.Fprintln(os.Stderr, "genschema:", err)
		os.Exit(1)
	}
}

func generate(folder string) error {
	schemas := configs.Schemas()
	schemas["sweep.schema.json"] = sweepfile.Schema
	for name, schema := range schemas {
		data, err := schema()
		if err != nil {
			return err
		}
		if err := wholefile.WriteBytes(filepath.Join(folder, name), data); err != nil {
			return err
		}
	}
	return nil
}
