package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// exclusive are flags of which one may be given.
var exclusive = [][2]string{{"layer", "model"}, {"verify", "no-verify"}}

// checkGiven refuses flags that say nothing although they are given, as one does whose
// variable a script has not set: what it asks for would be left out in silence. It
// refuses standard output where a folder is to be written, and flags that exclude each
// other.
func checkGiven(flags *pflag.FlagSet) error {
	var errs []error
	flags.Visit(func(f *pflag.Flag) {
		_, folder := f.Annotations[cobra.BashCompSubdirsInDir]
		switch {
		case saysNothing(f.Value):
			errs = append(errs, fmt.Errorf(`--%s "": it is empty; allowed: a value, or no --%[1]s`, f.Name))
		case folder && f.Value.String() == standardOutput:
			errs = append(errs, fmt.Errorf("--%s -: a folder is written, not standard output; allowed: a folder, ./- if it is called so", f.Name))
		}
	})
	for _, two := range exclusive {
		if flags.Changed(two[0]) && flags.Changed(two[1]) {
			errs = append(errs, fmt.Errorf("--%s and --%s; allowed: one of them", two[0], two[1]))
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
