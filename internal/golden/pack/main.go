// Command pack writes the zip of a golden suite:
//
//	go run ./internal/golden/pack FOLDER SUITE.zip
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/wholefile"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments; usage: pack FOLDER SUITE.zip", len(args))
	}
	return wholefile.Write(args[1], func(w io.Writer) error { return golden.Pack(w, os.DirFS(args[0])) })
}
