package resources

import "strings"

// nearest returns the known name most like the given one, or "" if none is.
func nearest(name string, known []string) string {
	name = strings.ToLower(name)
	best, least := "", max(len(name)/2, 1)+1
	for _, k := range known {
		d := editDistance(name, k)
		if name != "" && strings.Contains(k, name) {
			d = 1
		}
		if d < least {
			best, least = k, d
		}
	}
	return best
}

// editDistance returns the insertions, deletions and substitutions that turn a
// into b (Levenshtein), in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
