package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wholefile"
	"github.com/convsim/convsim/tensor"
)

// importModel writes a model as a network file.
func (f *importFlags) importModel(ctx context.Context, s streams, path string) error {
	if err := newFolder(f.into); err != nil {
		return err
	}
	g, err := slowly(ctx, s, "import", "reading the model", func() (*network.Graph, error) { return f.read(path) })
	if err != nil {
		return err
	}
	file, err := writeNetwork(f.into, g)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %s, %s\n", file, counted(len(g.Nodes), "layer"), counted(len(g.Constants), "tensor"))
	return err
}

func (f *importFlags) read(path string) (*network.Graph, error) {
	m, err := readModel(path)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	shapes, err := f.shapes.of(m)
	if err != nil {
		return nil, err
	}
	return m.Network(shapes)
}

// newFolder refuses a folder that holds something.
func newFolder(path string) error {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("--output %s: %w; allowed: a new or an empty folder", path, err)
	case len(entries) > 0:
		return fmt.Errorf("--output %s holds %s already; allowed: a new or an empty folder", path, entries[0].Name())
	}
	return nil
}

// writeNetwork writes the tensors, then the file that names them.
func writeNetwork(into string, g *network.Graph) (string, error) {
	text, files, err := configs.WriteNetwork(g, "tensors")
	if err != nil {
		return "", err
	}
	return writeBeside(into, text, func() error {
		for name, file := range files {
			if err := tensor.WriteNPY(filepath.Join(into, filepath.FromSlash(file)), g.Constants[name]); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeBeside has the tensors of a new folder written, then writes the file that names them. Where that
// cannot be, the tensors go again.
func writeBeside(into string, text []byte, tensors func() error) (file string, err error) {
	file, folder := filepath.Join(into, "network.yaml"), filepath.Join(into, "tensors")
	if err = os.MkdirAll(folder, 0o777); err == nil {
		err = tensors()
	}
	if err == nil {
		err = wholefile.WriteBytes(file, text)
	}
	if err != nil {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return file, err
}
