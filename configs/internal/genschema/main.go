// Command genschema writes the JSON Schema files of package configs into the folder schema.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
)

func main() {
	if err := generate("schema"); err != nil {
		fmt.Fprintln(os.Stderr, "genschema:", err)
		os.Exit(1)
	}
}

func generate(folder string) error {
	for name, schema := range configs.Schemas() {
		data, err := schema()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
