package conv

import (
	"fmt"
	"strings"
)

var paddingKinds = [...]string{
	Explicit: "explicit", Same: "same", Valid: "valid", SameUpper: "same_upper", SameLower: "same_lower",
}

var paddingModes = [...]string{
	Zeros: "zeros", Reflect: "reflect", Replicate: "replicate", Circular: "circular",
}

// String returns PyTorch's or ONNX's word in lower case.
func (k PaddingKind) String() string { return nameOf(paddingKinds[:], int(k)) }

// String returns PyTorch's word.
func (m PaddingMode) String() string { return nameOf(paddingModes[:], int(m)) }

func nameOf(names []string, i int) string {
	if i >= len(names) {
		return fmt.Sprintf("invalid(%d)", i)
	}
	return names[i]
}

// String returns the kind, or for explicit padding its four widths.
func (p Padding) String() string {
	if p.Kind == Explicit {
		return p.Sides.String()
	}
	return p.Kind.String()
}

// String names all four sides, so that their order need not be known.
func (s Sides) String() string {
	return fmt.Sprintf("top %d, bottom %d, left %d, right %d", s.Top, s.Bottom, s.Left, s.Right)
}

// String writes the pair as the layer's file does: [height, width].
func (p Pair) String() string { return fmt.Sprintf("[%d, %d]", p.H, p.W) }

// ParsePadding reads a padding that is a word: "same", "valid", "same_upper"
// or "same_lower". The error is a Problem of the key "padding".
func ParsePadding(word string) (Padding, error) {
	words := paddingKinds[Same:]
	for i, w := range words {
		if w == word {
			return Padding{Kind: Same + PaddingKind(i)}, nil
		}
	}
	return Padding{}, unknown("padding", word, "a number, a pair [height, width], or one of "+strings.Join(words, ", "))
}

// ParsePaddingMode reads "zeros", "reflect", "replicate" or "circular". The
// error is a Problem of the key "padding_mode".
func ParsePaddingMode(word string) (PaddingMode, error) {
	for i, w := range paddingModes {
		if w == word {
			return PaddingMode(i), nil
		}
	}
	return 0, unknown("padding_mode", word, strings.Join(paddingModes[:], ", "))
}

func unknown(key, word, allowed string) error {
	return Problems{{key, fmt.Sprintf("%q", word), allowed}}
}
