package main

import (
	"path/filepath"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/pipeline"
)

// hardwareDocument is the text of a hardware file, as a tree in which keys can be
// set, for a file in another folder.
func hardwareDocument(hw *configs.Hardware, path, to string) (*yaml.Node, error) {
	path, err := configs.Find("hardware", path, configs.HardwareFiles)
	if err != nil {
		return nil, err
	}
	data, err := configs.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	if hw.Board.File != "" {
		name, err := filepath.Abs(hw.Board.File)
		if rel, relErr := filepath.Rel(filepath.Dir(absolute(to)), name); relErr == nil {
			name = "./" + filepath.ToSlash(rel)
		}
		if err != nil {
			return nil, err
		}
		template.Remove(root, "board")
		if err := template.Set(root, []string{"board"}, scalarNode(name)); err != nil {
			return nil, err
		}
	}
	_, err = template.BaseText(hw, root)
	return root, err
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func scalarNode(value any) *yaml.Node {
	n := &yaml.Node{}
	if err := n.Encode(value); err != nil {
		panic(err) // numbers and words
	}
	return n
}

// setDepths names every FIFO of a plan whose depth is not what the hardware gives it
// anyway, and those where streams meet, which else are as deep as they get.
func setDepths(root *yaml.Node, given, found *pipeline.Plan) error {
	for i, e := range found.Edges {
		in, _ := found.Nodes[e.To.Node].Block.Streams()
		if e.Depth == given.Edges[i].Depth && len(in) < 2 {
			continue
		}
		if err := template.Set(root, []string{"fifo", "edges", e.Name}, scalarNode(e.Depth)); err != nil {
			return err
		}
	}
	if fifo := template.Entry(root, "fifo"); fifo != nil {
		fifo.Style = 0 // one FIFO a line
		if edges := template.Entry(fifo, "edges"); edges != nil {
			edges.Style = 0
		}
	}
	return nil
}

// hardwareText is a hardware file as text, which reads as that hardware.
func hardwareText(root *yaml.Node, name string) ([]byte, *configs.Hardware, error) {
	text, err := yaml.Marshal(root)
	if err != nil {
		return nil, nil, err
	}
	hw, err := configs.ParseHardware(name, text)
	return text, hw, err
}
