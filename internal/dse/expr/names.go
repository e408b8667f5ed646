package expr

import (
	"errors"
	"fmt"
	"slices"
)

// Name is something an expression may refer to.
type Name struct {
	Name string // letters, digits, _ and dots: array.pe
	Type Type
	// Values are all the values a String may have, if these are known. Comparing with any other is reported as a mistake.
	Values []string
}

// Names are the names known to expressions, each with a slot: its position in the values of Eval.
type Names struct {
	list  []Name
	slots map[string]int
}

// NewNames returns the names in the order of their slots, or an error with everything wrong about them.
func NewNames(list ...Name) (*Names, error) {
	n := &Names{slots: map[string]int{}}
	var errs []error
	for _, name := range list {
		if _, err := n.Add(name); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return n, nil
}

// Add appends a name and returns its slot. Programs compiled before stay valid.
func (n *Names) Add(name Name) (slot int, err error) {
	if err := n.check(name); err != nil {
		return 0, err
	}
	name.Values = slices.Clone(name.Values)
	n.list = append(n.list, name)
	n.slots[name.Name] = len(n.list) - 1
	return len(n.list) - 1, nil
}

func (n *Names) check(name Name) error {
	tokens, err := lex(name.Name)
	switch {
	case err != nil || len(tokens) != 2 || tokens[0].kind != tokenName || tokens[0].text != name.Name:
		return fmt.Errorf("name %q: want a letter or _, then letters, digits, _ and dots", name.Name)
	case reserved(name.Name):
		return fmt.Errorf("name %q is a word of the expression language", name.Name)
	case name.Type != Number && name.Type != Bool && name.Type != String:
		return fmt.Errorf("name %q has no type", name.Name)
	}
	if _, known := n.slots[name.Name]; known {
		return fmt.Errorf("name %q is given twice", name.Name)
	}
	return nil
}

// reserved reports whether a word has a meaning of its own.
func reserved(word string) bool {
	_, function := functions[word]
	return function || word == "true" || word == "false"
}

// Len is the number of names, and of values that Eval takes.
func (n *Names) Len() int { return len(n.list) }

// Slot is the position of the name's value, if the name is known.
func (n *Names) Slot(name string) (slot int, known bool) {
	slot, known = n.slots[name]
	return slot, known
}

// words are the known names in order of their slots.
func (n *Names) words() []string {
	words := make([]string, len(n.list))
	for i, name := range n.list {
		words[i] = name.Name
	}
	return words
}
