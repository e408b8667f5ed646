// Command pack writes the zip of a golden suite:
//
//	go run ./internal/golden/pack FOLDER SUITE.zip
package main

import (
	"fmt"
	"os"

	"github.com/convsim/convsim/internal/golden"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(2)
	}
}

func run(args []string) (err error) {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments; usage: pack FOLDER SUITE.zip", len(args))
	}
	f, err := os.Create(args[1])
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	return golden.Pack(f, os.DirFS(args[0]))
}
