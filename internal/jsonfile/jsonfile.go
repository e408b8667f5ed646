// Package jsonfile decodes files of JSON: a mistake has its line and column, and what is allowed instead.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Value is a file's whole value, or one within it.
type Value struct {
	file, allowed string
	whole         []byte // text of the file
	key           string // such as cases[3].attrs; empty for the whole
	text          []byte
	from          int // where text begins in whole
}

// New is the value of a file, whose byte order mark does not count. What is allowed is said of whatever is no JSON.
func New(file string, text []byte, allowed string) Value {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	return Value{file: file, allowed: allowed, whole: text, text: text}
}

// Key is the value of a key, by its text.
func (v Value) Key(key string, text json.RawMessage) Value {
	return v.at(max(bytes.Index(v.text, text), 0), key, text)
}

// Elements are those of the list that a key has, by their texts.
func (v Value) Elements(key string, texts []json.RawMessage) []Value {
	list, from := make([]Value, len(texts)), 0
	for i, text := range texts {
		from += bytes.Index(v.text[from:], text)
		list[i] = v.at(from, fmt.Sprintf("%s[%d]", key, i), text)
		from += len(text)
	}
	return list
}

// at is what begins at an offset within the value.
func (v Value) at(offset int, key string, text []byte) Value {
	v.from, v.key, v.text = v.from+offset, strings.TrimPrefix(v.key+"."+key, "."), text
	return v
}

// Decode reads the value.
func (v Value) Decode(into any) error {
	if v.key != "" && len(v.text) == 0 {
		return v.Errorf("is missing; allowed: an object")
	}
	err := json.Unmarshal(v.text, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: not JSON: %w; allowed: %s", v.place(v.from+int(syntax.Offset)-1), err, v.allowed)
	case errors.As(err, &kind):
		if kind.Field != "" {
			v.key = strings.TrimPrefix(v.key+"."+kind.Field, ".")
		}
		v.from = v.start(v.from + int(kind.Offset) - 1)
		return v.Errorf("is %s; allowed: %s", kind.Value, v.words(kind))
	case err != nil:
		return v.Errorf("%w; allowed: %s", err, v.allowed)
	}
	return nil
}

// Errorf is a mistake with the place and the key of the value before it.
func (v Value) Errorf(format string, args ...any) error {
	key := v.key
	if key == "" {
		key = "the whole"
	}
	return fmt.Errorf("%s: %s %w", v.place(v.from), key, fmt.Errorf(format, args...))
}

// words say what a value of another kind should have been.
func (v Value) words(wrong *json.UnmarshalTypeError) string {
	switch kind := wrong.Type.Kind().String(); {
	case kind == "map" || kind == "struct":
		return "an object of " + v.allowed
	case kind == "slice" || kind == "array":
		return "a list"
	case strings.HasPrefix(kind, "int"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	}
	return "a text"
}

// start is where a text, number or word begins of which the last byte is given.
func (v Value) start(last int) int {
	at := min(max(last, 0), len(v.whole)-1)
	if v.whole[at] != '"' {
		for at > 0 && !strings.ContainsRune("[]{}", rune(v.whole[at])) && !strings.ContainsRune(" \t\r\n:,[{", rune(v.whole[at-1])) {
			at--
		}
		return at
	}
	for at--; at > 0; at-- {
		escapes := at - len(bytes.TrimRight(v.whole[:at], `\`))
		if v.whole[at] == '"' && escapes%2 == 0 {
			break
		}
	}
	return max(at, 0)
}

// place is the line and column of an offset, both from 1.
func (v Value) place(at int) string {
	before := v.whole[:min(max(at, 0), len(v.whole))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Sprintf("%s:%d:%d", v.file, line, column)
}
