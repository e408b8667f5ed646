package strictyaml

import (
	"reflect"
	"strings"
)

// Suggestion returns "; did you mean X?" for the choice most like word, or nothing.
func Suggestion(word string, choices []string) string {
	best, least := "", len(word)
	for _, choice := range choices {
		tolerated := min(len(word), len(choice))/3 + 1
		if d := likeness(word, choice); d <= tolerated && d < least {
			best, least = choice, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// likeness is the edit distance, letter case and the choice of - or _ aside; a word cut short or drawn out
// (clock for clock_mhz) counts as one edit.
func likeness(word, choice string) int {
	a, b := fold(word), fold(choice)
	if len(a) >= 3 && strings.HasPrefix(b, a) || len(b) >= 3 && strings.HasPrefix(a, b) {
		return 1
	}
	return editDistance([]rune(a), []rune(b))
}

func fold(s string) string { return strings.ReplaceAll(strings.ToLower(cut(s)), "-", "_") }

// editDistance counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
func editDistance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			rows[i][j] = cheapest(rows, a, b, i, j)
		}
	}
	return rows[len(a)][len(b)]
}

func cheapest(rows [][]int, a, b []rune, i, j int) int {
	if i == 0 || j == 0 {
		return i + j
	}
	substitution := rows[i-1][j-1]
	if a[i-1] != b[j-1] {
		substitution++
	}
	best := min(substitution, rows[i-1][j]+1, rows[i][j-1]+1)
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		best = min(best, rows[i-2][j-2]+1)
	}
	return best
}

// misplaced returns "; did you mean a.b?" if name is a key further down, or elsewhere in the file: the right key
// at the wrong level.
func misplaced(name, path string, here, root reflect.Type) string {
	found := append(elsewhere(here, name, path), elsewhere(root, name, "")...) // the nearer ones first
	if len(found) == 0 {
		return ""
	}
	if found[0] == name {
		found[0] += " at the top of the file"
	}
	return "; did you mean " + found[0] + "?"
}

// elsewhere returns the paths below t whose last key is name.
func elsewhere(t reflect.Type, name, path string) []string {
	var found []string
	for _, f := range fieldsOf(t) {
		at := join(path, f.name)
		if f.name == name {
			found = append(found, at)
		}
		if f.typ.Kind() == reflect.Struct && !isCustom(f.typ) {
			found = append(found, elsewhere(f.typ, name, at)...)
		}
	}
	return found
}
