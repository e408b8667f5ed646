package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wholefile"
)

// importWorkload writes a workload as a network file, with copies of its weights.
func importWorkload(s streams, path, into string) error {
	if err := newFolder(into); err != nil {
		return err
	}
	w, err := configs.LoadWorkload(path)
	if err != nil {
		return err
	}
	text, files, err := w.Network("tensors")
	if err != nil {
		return err
	}
	target, err := writeBeside(into, text, func() error {
		for name, from := range files {
			if err := copyFile(from, filepath.Join(into, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %s, %s\n", target, counted(len(w.Layers), "layer"), counted(len(files), "tensor"))
	return err
}

func copyFile(from configs.Path, to string) error {
	f, err := from.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", from.Written, err)
	}
	defer f.Close()
	return wholefile.Write(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
