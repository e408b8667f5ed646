// Package compare compares large results in tests.
package compare

import (
	"reflect"

	"github.com/google/go-cmp/cmp"
)

// Diff is cmp.Diff: a report of what is not the same in two values, empty if they are. What
// is the same to the last bit, as nearly all results of random designs are, is found many
// times as fast, and unexported fields are no matter then.
func Diff(want, got any, options ...cmp.Option) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got, options...)
}
