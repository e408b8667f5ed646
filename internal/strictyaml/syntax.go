package strictyaml

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	syntaxLine = regexp.MustCompile(`^yaml: line (\d+): `)
	// grammarFault matches the messages of yaml.v3's parser, as opposed to its scanner, which count lines from 0.
	grammarFault = regexp.MustCompile(`^did not find expected (<|node content|'-'|key|',')`)
	// cutShort matches what the parser says of a text that ends too early.
	cutShort     = regexp.MustCompile(`did not find expected|unexpected end of stream`)
	unknownAlias = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// failSyntax reports an error of the YAML parser, which knows a line at best.
func (p *Positions) failSyntax(err error) {
	text, at := p.locate(err.Error())
	if p.head && cutShort.MatchString(text) {
		return
	}
	if tab, ok := tabNear(p.lines, at.line); ok {
		p.fail(tab, "", message("tab in the indentation", "a tab", "spaces"))
		return
	}
	at.line = min(max(at.line, 1), len(p.lines))
	line := p.lines[at.line-1]
	if at.column == 0 {
		at.column = 1 + len(line) - len(strings.TrimLeft(line, " "))
	}
	if text == "found incompatible YAML document" {
		p.fail(at, "", message("version of YAML not known", quoted(strings.TrimSpace(line)), "no such line, or %YAML 1.1"))
		return
	}
	p.fail(at, "", message("not valid YAML ("+text+")", quoted(strings.TrimSpace(line)), "YAML"))
}

// locate splits a message of yaml.v3 into its text and its position; a column of 0 is unknown.
func (p *Positions) locate(text string) (string, position) {
	at := position{line: 1}
	if m := syntaxLine.FindStringSubmatch(text); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
		if grammarFault.MatchString(text) {
			at.line++
		}
	}
	text = strings.TrimPrefix(text, "yaml: ")
	if m := unknownAlias.FindStringSubmatch(text); m != nil {
		at = p.find("*" + m[1])
	}
	return text, at
}

// find returns where a word first stands in the file.
func (p *Positions) find(word string) position {
	for i, line := range p.lines {
		if before, _, found := strings.Cut(line, word); found {
			return position{i + 1, len([]rune(before)) + 1}
		}
	}
	return position{line: 1}
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
