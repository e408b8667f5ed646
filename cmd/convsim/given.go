package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// exclusive is where cobra notes at each flag the groups, names with spaces between, of which one
// may be given. It would say so in words of its own.
const exclusive = "cobra_annotation_mutually_exclusive"

// checkGiven refuses flags that say nothing although they are given, as one does whose
// variable a script has not set: what it asks for would be left out in silence. It
// refuses standard output where a folder is to be written, and flags that exclude each
// other.
func checkGiven(flags *pflag.FlagSet) error {
	var errs []error
	groups := map[string]bool{}
	flags.Visit(func(f *pflag.Flag) {
		for _, group := range f.Annotations[exclusive] {
			groups[group] = true
		}
		_, folder := f.Annotations[cobra.BashCompSubdirsInDir]
		switch {
		case saysNothing(f.Value):
			errs = append(errs, fmt.Errorf(`--%s "": it is empty; allowed: a value, or no --%[1]s`, f.Name))
		case folder && f.Value.String() == standardOutput:
			errs = append(errs, fmt.Errorf("--%s -: a folder is written, not standard output; allowed: a folder, ./- if it is called so", f.Name))
		}
	})
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		given := slices.DeleteFunc(strings.Fields(group), func(name string) bool { return !flags.Changed(name) })
		if len(given) > 1 {
			errs = append(errs, fmt.Errorf("--%s; allowed: one of them", strings.Join(given, " and --")))
		}
	}
	return errors.Join(errs...)
}

// saysNothing reports whether a text is empty, or one of a list.
func saysNothing(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
	}
	return v.String() == ""
}
