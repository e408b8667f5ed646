// Package kind names what a value of a sweep is: the parameters of its space, what expressions compute, and
// the columns of its page.
package kind

import "fmt"

// Kind is what a value is. The zero Kind is that of no value.
type Kind uint8

// The kinds. Integer is a whole number that is kept exactly; whatever computes with it makes it a Number, a float64.
const (
	Integer Kind = iota + 1
	Number
	String
	Bool
)

var names = [...]string{Integer: "integer", Number: "number", String: "string", Bool: "bool"}

// String is the name that users know the kind by.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(names) {
		return "nothing"
	}
	return names[k]
}

// Phrase is the name with its article, as messages use it.
func (k Kind) Phrase() string {
	switch k {
	case 0:
		return "not known"
	case Integer:
		return "an integer"
	}
	return "a " + k.String()
}

// Computed is the kind of a value as expressions see it.
func (k Kind) Computed() Kind {
	if k == Integer {
		return Number
	}
	return k
}

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (k *Kind) UnmarshalText(text []byte) error {
	for i := range names {
		if i > 0 && names[i] == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("kind %q; allowed: integer, number, string, bool", text)
}
