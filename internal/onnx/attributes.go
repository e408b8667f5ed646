package onnx

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// attribute returns an attribute of a type, nil if there is none.
func (k *call) attribute(name string, want AttributeType) *Attribute {
	k.asked[name] = true
	i := slices.IndexFunc(k.n.Attributes, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	a := &k.n.Attributes[i]
	if a.Type != want {
		k.errs = append(k.errs, fmt.Errorf("attribute %s has type %d; expected: %d", name, a.Type, want))
		return nil
	}
	return a
}

func (k *call) integer(name string, otherwise int) int {
	if a := k.attribute(name, AttributeInt); a != nil {
		return int(a.Int)
	}
	return otherwise
}

// flag reads an attribute that is 0 or 1.
func (k *call) flag(name string, otherwise bool) bool {
	a := k.attribute(name, AttributeInt)
	if a == nil {
		return otherwise
	}
	if a.Int != 0 && a.Int != 1 {
		k.unsupported(name, a.Int, "0, 1")
	}
	return a.Int == 1
}

func (k *call) float(name string, otherwise float32) float32 {
	if a := k.attribute(name, AttributeFloat); a != nil {
		return a.Float
	}
	return otherwise
}

// integers reads an attribute; nil if there is none.
func (k *call) integers(name string) []int {
	a := k.attribute(name, AttributeInts)
	if a == nil {
		return nil
	}
	out := make([]int, len(a.Ints))
	for i, v := range a.Ints {
		out[i] = int(v)
	}
	return out
}

// word reads an attribute that is one of some words, the first if there is none.
func (k *call) word(name string, words ...string) string {
	a := k.attribute(name, AttributeString)
	if a == nil {
		return words[0]
	}
	// "", as some exporters write what they leave out, may be the last word.
	if !slices.Contains(words, a.String) {
		k.unsupported(name, fmt.Sprintf("%q", a.String), strings.TrimSuffix(strings.Join(words, ", "), ", "))
		return words[0]
	}
	return a.String
}

// only reads an attribute of which a single value is supported.
func (k *call) only(name string, value int) {
	if got := k.integer(name, value); got != value {
		k.unsupported(name, got, fmt.Sprint(value))
	}
}

// ignored notes that attributes do not matter.
func (k *call) ignored(names ...string) {
	for _, name := range names {
		k.asked[name] = true
	}
}

// leftovers finds attributes that the rule does not know.
func (k *call) leftovers() {
	if len(k.errs) > 0 {
		return
	}
	for _, a := range k.n.Attributes {
		if k.asked[a.Name] {
			continue
		}
		known := strings.Join(slices.Sorted(maps.Keys(k.asked)), ", ")
		k.errs = append(k.errs, fmt.Errorf("attribute %q; supported: %s", a.Name, cmp.Or(known, "none")))
	}
}
