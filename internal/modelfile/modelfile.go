package modelfile

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
)

// Model is a network as it runs: quantised ones as the integers that hardware computes.
type Model struct {
	Graph *network.Graph
	Files []string // that were read
}

// Load reads a model, or a shipped network or layer by its name. Made-up constants of a layer file
// come from seed; inputs of an ONNX model may be given shapes, by their names.
func Load(path string, seed uint64, shapes map[string][]int) (*Model, error) {
	if configs.IsOperation(path) {
		return operation(path, seed)
	}
	path, err := configs.Find("model", path, configs.NetworkFiles, configs.LayerFiles)
	if err != nil {
		return nil, err
	}
	data, err := head(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if isONNX(path, data) {
		return fromONNX(path, shapes)
	}
	n, err := configs.LoadNetwork(path)
	if err != nil {
		return nil, err
	}
	return lowered(n.Graph, n.Files())
}

// Is reports whether a file holds a model, and not a convolution or a list of them.
func Is(path string) bool {
	if configs.IsOperation(path) {
		return true
	}
	path, err := configs.Find("model", path, configs.NetworkFiles)
	if err != nil {
		return false
	}
	data, err := head(path)
	if err != nil {
		return false
	}
	if isONNX(path, data) {
		return true
	}
	data, err = configs.ReadNetwork(path)
	return err == nil && filekind.Of(data) == filekind.Network
}

// head is the beginning of a file, which tells what it is.
func head(path string) ([]byte, error) {
	f, err := configs.Path{Resolved: path}.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, 512)
	n, err := f.Read(data)
	if n == 0 && err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data[:n], nil
}

// isONNX goes by the beginning of a file, or by its name where that is unusual.
func isONNX(path string, head []byte) bool {
	return filekind.Of(head) == filekind.ONNX || strings.EqualFold(filepath.Ext(path), ".onnx")
}

func operation(path string, seed uint64) (*Model, error) {
	o, err := configs.LoadOperation(path, configs.Given{Seed: seed})
	if err != nil {
		return nil, err
	}
	return lowered(o.Graph, o.Files())
}

func fromONNX(path string, shapes map[string][]int) (*Model, error) {
	m, err := onnx.Read(path)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	g, err := m.Network(shapes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if g.Name == "" {
		g.Name = "model"
	}
	return lowered(g, []string{path})
}

func lowered(g *network.Graph, files []string) (*Model, error) {
	g, err := network.Lower(g)
	return &Model{g, files}, err
}
