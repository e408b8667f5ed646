package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
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
		at := position{second.Content[0].Line, second.Content[0].Column}
		p.fail(at, "", message("second document", "---", "one document per file"))
	}
}

// checkBytes reports bytes that no YAML file of ours may hold, which yaml.v3 would report without a position
// or, in the case of UTF-16, accept.
func (p *Positions) checkBytes() bool {
	at := position{1, 1}
	for rest := p.source; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			p.fail(at, "", message("not UTF-8", fmt.Sprintf("byte 0x%02x", rest[0]), "text in UTF-8"))
			return false
		case isControl(r):
			p.fail(at, "", message("control character", fmt.Sprintf("U+%04X", r), "printable text"))
			return false
		case r == '\n':
			at = position{at.line + 1, 1}
		default:
			at.column++
		}
		rest = rest[size:]
	}
	return true
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || 0x7f <= r && r < 0xa0 && r != 0x85
}

var syntaxLine = regexp.MustCompile(`^yaml: line (\d+): `)

// failSyntax reports an error of the YAML parser, which knows a line at best.
func (p *Positions) failSyntax(err error) {
	text := err.Error()
	line := 1
	if m := syntaxLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	text = strings.TrimPrefix(text, "yaml: ")
	lines := sourceLines(p.source)
	if at, ok := tabNear(lines, line); ok {
		p.fail(at, "", message("tab in the indentation", "a tab", "spaces"))
		return
	}
	line = min(max(line, 1), len(lines))
	got := strings.TrimSpace(lines[line-1])
	column := 1 + len(lines[line-1]) - len(strings.TrimLeft(lines[line-1], " "))
	p.fail(position{line, column}, "", message("not valid YAML ("+text+")", quoted(got), "YAML"))
}

// tabNear finds a tab in the indentation of the given line or its neighbours: the parser's line is off by one
// for some errors.
func tabNear(lines []string, line int) (position, bool) {
	for l := max(line-1, 1); l <= min(line+1, len(lines)); l++ {
		text := lines[l-1]
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
			return position{l, tab + 1}, true
		}
	}
	return position{}, false
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
