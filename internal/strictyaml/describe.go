package strictyaml

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// longest is the number of characters of a value that a message repeats.
const longest = 60

// Describe returns a value as a message shows it: as written, quotes included.
func Describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "*" + n.Value
	case isNull(n):
		return "null"
	case n.Style != 0:
		return quoted(n.Value)
	}
	return shorten(n.Value)
}

func quoted(s string) string { return strconv.Quote(cut(s)) }

// shorten returns s cut to a length fit for a message, quoted if it would not print.
func shorten(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return quoted(s)
	}
	return cut(s)
}

func cut(s string) string {
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "..."
	}
	return s
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }
