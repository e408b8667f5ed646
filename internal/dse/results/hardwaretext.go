package results

import (
	"fmt"

	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/resources"
	"gopkg.in/yaml.v3"
)

// HardwareText is the hardware file of a point, on the board of the sweep.
func (s *Sweep) HardwareText(index int64) ([]byte, error) {
	text := s.Template.Fill(nil, s.Axes.Point(index))
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	if err := setText(root, "name", fmt.Sprintf("%s-%d", s.Definition.Name, index)); err != nil {
		return nil, err
	}
	if board := s.Definition.Board; board != nil {
		value, err := boardNode(board)
		if err != nil {
			return nil, err
		}
		if err := template.Set(root, []string{"board"}, value); err != nil {
			return nil, err
		}
	}
	root.Style = 0 // a line a key, however the base was written
	return yaml.Marshal(root)
}

// boardNode is a board as a hardware file names it: a shipped one by its name, another with its keys in
// place, so that the file needs no other.
func boardNode(board *resources.Board) (*yaml.Node, error) {
	shipped, err := resources.LoadBoard(board.Name)
	if err == nil && shipped == *board && !resources.IsPath(board.Name) {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: board.Name}, nil
	}
	n := &yaml.Node{}
	err = n.Encode(board)
	return n, err
}

func setText(root *yaml.Node, key, text string) error {
	return template.Set(root, []string{key}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
}
