package strictyaml

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

type position struct{ line, column int }

// Positions knows where each key of a decoded file stands, and collects the mistakes found in it. A key is named
// by its path: array.pe, layers[3].stride.
type Positions struct {
	file   string
	source []byte
	lines  []string // of source, so that no position lies behind the end
	at     map[string]position
	errors []Error
	more   int  // mistakes beyond those kept
	head   bool // the text is the beginning of a longer one
}

// File returns the name of the file as given to Decode.
func (p *Positions) File() string { return p.file }

// Error returns a mistake at the given key, or at its nearest parent that is in the file. It is not recorded.
func (p *Positions) Error(path, value, allowed string) Error {
	return p.located(path, message("illegal value", value, allowed))
}

// Add records a mistake as Error words it, for Err to report.
func (p *Positions) Add(path, value, allowed string) {
	p.keep(p.Error(path, value, allowed))
}

// AddMessage records a mistake in words of the caller's own.
func (p *Positions) AddMessage(path, text string) {
	p.keep(p.located(path, text))
}

// Bad reports whether a recorded mistake is at the key, below it, or at one of its parents: then the decoded
// value cannot be relied on, and checks that build on it would only repeat the complaint. Once mistakes are
// only counted, nothing can.
func (p *Positions) Bad(path string) bool {
	if p.more > 0 {
		return true
	}
	for _, e := range p.errors {
		if within(path, e.Key) || within(e.Key, path) {
			return true
		}
	}
	return false
}

// Err returns all mistakes recorded so far as *Errors, or nil.
func (p *Positions) Err() error {
	if len(p.errors) == 0 {
		return nil
	}
	return &Errors{List: sorted(p.errors), More: p.more, source: p.lines}
}

// Wrap returns the given mistakes as one error, sorted, with the file's text for excerpts.
func (p *Positions) Wrap(list []Error) error {
	return &Errors{List: sorted(list), source: p.lines}
}

// lineBreak is what YAML counts as the end of a line.
var lineBreak = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

func sourceLines(source []byte) []string { return lineBreak.Split(string(source), -1) }

func (p *Positions) located(path, text string) Error {
	at := p.nearest(path)
	return Error{File: p.file, Line: at.line, Column: at.column, Key: path, Message: text}
}

func (p *Positions) nearest(path string) position {
	for {
		if at, ok := p.at[path]; ok {
			return at
		}
		if path == "" {
			return position{1, 1}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// record notes where a key's value stands. Nodes made from defaults carry no position and leave none.
func (p *Positions) record(path string, n *yaml.Node) {
	if n.Line > 0 {
		p.at[path] = p.clamp(position{n.Line, n.Column})
	}
}

func (p *Positions) fail(at position, key, text string) {
	at = p.clamp(at)
	p.keep(Error{File: p.file, Line: at.line, Column: at.column, Key: key, Message: text})
}

// mostErrors is how many mistakes are kept: more help nobody.
const mostErrors = 100

func (p *Positions) keep(e Error) {
	if p.full() {
		p.more++
		return
	}
	p.errors = append(p.errors, e)
}

// count is the number of mistakes so far.
func (p *Positions) count() int { return len(p.errors) + p.more }

// full reports whether further mistakes are only counted, so that no words need be found for them.
func (p *Positions) full() bool { return len(p.errors) >= mostErrors }

// clamp moves a position into the file: yaml.v3 puts what is left out at the end on a line of its own.
func (p *Positions) clamp(at position) position {
	if last := len(p.lines); at.line > last {
		return position{last, utf8.RuneCountInString(p.lines[last-1]) + 1}
	}
	return position{max(at.line, 1), max(at.column, 1)}
}

// within reports whether path is parent or lies below it.
func within(path, parent string) bool {
	rest, ok := strings.CutPrefix(path, parent)
	return ok && (parent == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func message(what, value, allowed string) string {
	return what + ", got " + value + "; allowed: " + allowed
}
