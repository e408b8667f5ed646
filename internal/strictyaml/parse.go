package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxDepth is the deepest nesting a configuration may have.
const maxDepth = 32

// parse returns the root of the only document, or nil if there is nothing to decode. Mistakes are recorded.
func (p *Positions) parse() *yaml.Node {
	if !p.checkBytes() {
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(p.source))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		p.failEmpty(position{1, 1})
		return nil
	} else if err != nil {
		p.failSyntax(err)
		return nil
	}
	root := document.Content[0]
	if isNull(root) {
		p.failEmpty(position{root.Line, root.Column})
		return nil
	}
	p.refuse(root, "", 1)
	p.refuseSecond(decoder)
	return root
}

func (p *Positions) failEmpty(at position) {
	if p.head {
		return
	}
	p.fail(at, "", message("empty file", "nothing", "one YAML document"))
}

func (p *Positions) refuseSecond(decoder *yaml.Decoder) {
	var second yaml.Node
	err := decoder.Decode(&second)
	switch {
	case errors.Is(err, io.EOF):
	case err != nil:
		p.failSyntax(err)
	default:
		p.fail(position{second.Line, second.Column}, "", message("second document", "---", "one document per file"))
	}
}

// checkBytes reports bytes that no YAML file of ours may hold, which yaml.v3 would report without a position
// or, in the case of UTF-16, accept.
func (p *Positions) checkBytes() bool {
	for i := 0; i < len(p.source); {
		r, size := utf8.DecodeRune(p.source[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			p.fail(p.positionOf(i), "", message("not UTF-8", fmt.Sprintf("byte 0x%02x", p.source[i]), "text in UTF-8"))
			return false
		case isControl(r):
			p.fail(p.positionOf(i), "", message("control character", fmt.Sprintf("U+%04X", r), "printable text"))
			return false
		}
		i += size
	}
	return true
}

// positionOf returns the position of the byte at an offset.
func (p *Positions) positionOf(offset int) position {
	lines := sourceLines(p.source[:offset])
	return position{len(lines), utf8.RuneCountInString(lines[len(lines)-1]) + 1}
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || 0x7f <= r && r < 0xa0 && r != 0x85
}

// refuse reports the features of YAML that hide what a file says, wherever they stand.
func (p *Positions) refuse(n *yaml.Node, path string, depth int) {
	at := position{n.Line, n.Column}
	if depth > maxDepth {
		p.fail(at, path, message("nested too deeply", fmt.Sprintf("%d levels", depth), fmt.Sprintf("%d levels", maxDepth)))
		return
	}
	if n.Anchor != "" {
		p.fail(at, path, message("anchor", "&"+n.Anchor, "the value itself"))
	}
	if n.Kind == yaml.AliasNode {
		p.fail(at, path, message("alias", "*"+n.Value, "the value itself"))
	}
	if n.Style&yaml.TaggedStyle != 0 {
		p.fail(at, path, message("explicit tag", n.Tag, "a value without a tag"))
	}
	p.refuseChildren(n, path, depth)
}

func (p *Positions) refuseChildren(n *yaml.Node, path string, depth int) {
	switch n.Kind {
	case yaml.SequenceNode:
		for i, child := range n.Content {
			p.refuse(child, element(path, i), depth+1)
		}
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			p.refuse(key, path, depth+1)
			p.refuse(n.Content[i+1], join(path, shorten(key.Value)), depth+1)
		}
	}
}
