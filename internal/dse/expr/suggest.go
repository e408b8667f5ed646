package expr

import (
	"fmt"
	"slices"
	"strings"
)

// maxListed bounds how many known words a message lists.
const maxListed = 24

// allowed lists the words one may write instead of the unknown one, the likely meant one first.
func allowed(unknown string, words []string) string {
	if len(words) == 0 {
		return "none is known here"
	}
	sorted := slices.Sorted(slices.Values(words))
	hint := ""
	if best, close := closest(unknown, sorted); close {
		hint = fmt.Sprintf("did you mean %s? ", best)
	}
	more := ""
	if n := len(sorted) - maxListed; n > 0 {
		sorted, more = sorted[:maxListed], fmt.Sprintf(" and %d more", n)
	}
	return hint + "known: " + strings.Join(sorted, ", ") + more
}

// closest returns the word with the fewest edits from the unknown one, if it is near enough to be meant: a
// third of its letters, or its last part alone (pe for array.pe). Of equally near words one with the same
// first letter is more likely.
func closest(unknown string, words []string) (best string, near bool) {
	least := 2*max(1, len(unknown)/3) + 2
	for _, w := range words {
		far := 2 * distance(strings.ToLower(unknown), strings.ToLower(w))
		if !strings.HasPrefix(w, unknown[:min(1, len(unknown))]) {
			far++
		}
		if strings.HasSuffix(w, "."+unknown) {
			far = 1
		}
		if far < least {
			best, least, near = w, far, true
		}
	}
	return best, near
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to turn a into b (optimal string
// alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
