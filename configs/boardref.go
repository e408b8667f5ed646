package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// BoardRef is a board as a file names it: a shipped one by name, a file of the user's own, or its keys in place.
type BoardRef struct {
	Board *resources.Board // nil if none is named
	File  string           // path of the user's own file, if it is one
	Err   error            // mistakes in that file, in places of its own
}

// DecodeNode reads any of the spellings, and the board.
func (b *BoardRef) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var board resources.Board
	if n.Kind == yaml.MappingNode {
		if d.Decode(n, path, &board, "") {
			b.Board = &board
		}
		return
	}
	var name string
	if !d.Decode(n, path, &name, `minlen:"1" maxlen:"4096"`) {
		return
	}
	place := resources.Beside(d.File(), name)
	if resources.IsPath(place) {
		b.File = place
	}
	board, err := resources.LoadBoard(place)
	var mistakes *strictyaml.Errors
	var unreadable *fs.PathError
	switch {
	case err == nil:
		b.Board = &board
	case errors.As(err, &mistakes):
		b.Err = err
	case errors.As(err, &unreadable):
		d.FailText(n, path, fmt.Sprintf("cannot read the board (%v), got %s; allowed: %s", unreadable.Err, strictyaml.Describe(n), b.Allowed()))
	case b.File == "":
		d.FailText(n, path, fmt.Sprintf("unknown board, got %s; allowed: %s%s", strictyaml.Describe(n), b.Allowed(),
			strictyaml.Suggestion(name, resources.Boards())))
	default:
		d.FailText(n, path, err.Error())
	}
}

// Allowed says what is legal.
func (b *BoardRef) Allowed() string {
	return strings.Join(resources.Boards(), ", ") + ", the path of a board file relative to this one, or its keys"
}

// JSONSchema has the spellings.
func (b *BoardRef) JSONSchema() map[string]any {
	return map[string]any{"oneOf": []any{map[string]any{"type": "string", "minLength": 1}, strictyaml.SchemaOf(resources.Board{})}}
}
