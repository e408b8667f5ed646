package modelfile

import (
	"fmt"
	"os"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/network"
	"github.com/convsim/convsim/onnx"
)

// Model is a network as it runs: quantised ones as the integers that hardware computes.
type Model struct {
	Graph *network.Graph
	Files []string // that were read
}

// Load reads a model, or a shipped layer by its name. Made-up constants of a layer file
// come from seed.
func Load(path string, seed uint64) (*Model, error) {
	if configs.IsOperation(path) {
		return operation(path, seed)
	}
	data, err := head(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if filekind.Of(data) == filekind.ONNX {
		return fromONNX(path)
	}
	n, err := configs.LoadNetwork(path)
	if err != nil {
		return nil, err
	}
	return lowered(n.Graph, n.Files())
}

// head is the beginning of a file, which tells what it is.
func head(path string) ([]byte, error) {
	f, err := os.Open(path)
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

func operation(path string, seed uint64) (*Model, error) {
	o, err := configs.LoadOperation(path, configs.Given{Seed: seed})
	if err != nil {
		return nil, err
	}
	return lowered(o.Graph, o.Files())
}

func fromONNX(path string) (*Model, error) {
	m, err := onnx.Read(path)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	g, err := m.Network(nil)
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
