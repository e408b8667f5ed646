package strictyaml

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	anyNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

func (d *Decoder) scalar(n *yaml.Node, path string, v reflect.Value, l limits) {
	if isNull(n) {
		d.Fail(n, path, "no value", allowed(v.Type(), l))
		return
	}
	if fault := setScalar(n, v, l); fault != "" {
		hint := ""
		if l.enum != nil && n.Kind == yaml.ScalarNode {
			hint = Suggestion(n.Value, l.enum)
		}
		d.FailText(n, path, message(fault, Describe(n), allowed(v.Type(), l))+hint)
	}
}

// setScalar stores the value of a node in v, or returns what is wrong with it.
func setScalar(n *yaml.Node, v reflect.Value, l limits) string {
	switch {
	case v.Kind() == reflect.Bool:
		return setBool(n, v)
	case v.CanInt():
		return setInt(n, v, l)
	case v.CanFloat():
		return setFloat(n, v, l)
	case v.Kind() == reflect.String:
		return setString(n, v, l)
	}
	panic(fmt.Sprintf("strictyaml: no way to decode into %s", v.Type()))
}

func setBool(n *yaml.Node, v reflect.Value) string {
	if !isPlain(n) || n.Value != "true" && n.Value != "false" {
		return "not a truth value"
	}
	v.SetBool(n.Value == "true")
	return ""
}

func setInt(n *yaml.Node, v reflect.Value, l limits) string {
	if !isPlain(n) || !wholeNumber.MatchString(n.Value) {
		return numberFault(n, "whole number", "!!int")
	}
	x, err := strconv.ParseInt(n.Value, 10, v.Type().Bits())
	if err != nil || !l.contain(float64(x)) {
		return "out of range"
	}
	v.SetInt(x)
	return ""
}

func setFloat(n *yaml.Node, v reflect.Value, l limits) string {
	if !isPlain(n) || !anyNumber.MatchString(n.Value) {
		return numberFault(n, "number", "!!int", "!!float")
	}
	x, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || !l.contain(x) {
		return "out of range"
	}
	v.SetFloat(x)
	return ""
}

// numberFault says why a node is no decimal number: other things, or a notation that YAML would take (010, 0x10,
// 1_000, .inf) with a meaning not everybody expects.
func numberFault(n *yaml.Node, kind string, tags ...string) string {
	switch {
	case !isPlain(n) || !slices.Contains(tags, n.ShortTag()):
		return "not a " + kind
	case strings.ContainsAny(n.Value, "nN"):
		return "not a finite " + kind
	}
	return "notation of a " + kind + " not accepted"
}

func setString(n *yaml.Node, v reflect.Value, l limits) string {
	if !IsText(n) {
		return "not a text"
	}
	if l.enum != nil && !slices.Contains(l.enum, n.Value) {
		return "not among the choices"
	}
	switch characters := utf8.RuneCountInString(n.Value); {
	case characters < l.minLen:
		return "too short"
	case l.maxLen > 0 && characters > l.maxLen:
		return "too long"
	case !Printable(n.Value, l.lines):
		return "not printable"
	}
	v.SetString(n.Value)
	return ""
}

// Printable reports whether a text can be shown as it is on one line, or on several: without control characters, and
// without marks that turn the direction of what follows.
func Printable(text string, lines bool) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsGraphic(r) && (!lines || r != '\n' && r != '\t' && r != '\r')
	})
}

// Visible returns a text with what does not print written as an escape, as in "\x1b", and cut to a length
// that a message can hold. Of a text of several lines the line breaks stay.
func Visible(text string, lines bool) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case i >= mostVisible:
			return b.String() + "..."
		case Printable(string(r), lines):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// mostVisible is how many bytes of a text are shown at all.
const mostVisible = 4096

// IsText reports whether a node is a text: quoted, or plain and not a number, truth value or null. What yaml.v3
// takes for a date is a text.
func IsText(n *yaml.Node) bool {
	tag := n.ShortTag()
	return n.Kind == yaml.ScalarNode && (tag == "!!str" || tag == "!!timestamp" || tag == "!!merge")
}

func isPlain(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Style == 0 }

// allowed says in words which values a type takes.
func allowed(t reflect.Type, l limits) string {
	if custom, ok := reflect.New(t).Interface().(NodeDecoder); ok {
		return custom.Allowed()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return allowed(t.Elem(), l)
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return allowedText(l)
	case reflect.Float32, reflect.Float64:
		return "number" + l.text() + " such as 0.5 or 1e-3"
	case reflect.Slice:
		return "a list" + atLeast(l, "entries") + ", each entry: " + allowed(t.Elem(), l)
	case reflect.Map:
		return "a mapping, each value: " + allowed(t.Elem(), l)
	case reflect.Struct:
		return "a mapping of " + strings.Join(names(fieldsOf(t)), ", ")
	}
	return "whole number" + l.text()
}

func allowedText(l limits) string {
	if l.enum != nil {
		return strings.Join(l.enum, ", ")
	}
	most := ""
	if l.maxLen > 0 {
		most = fmt.Sprintf(", at most %d characters", l.maxLen)
	}
	return "text" + atLeast(l, "characters") + most + " (quoted, if it looks like a number)"
}

func atLeast(l limits, unit string) string {
	switch l.minLen {
	case 0:
		return ""
	case 1:
		return " that is not empty"
	}
	return fmt.Sprintf(" of at least %d %s", l.minLen, unit)
}
