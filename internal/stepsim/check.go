package stepsim

import "fmt"

// atLeast returns an error if v is below min.
func atLeast(min int, what string, v int) []error {
	if v < min {
		return []error{fmt.Errorf("%s: %d, want >= %d", what, v, min)}
	}
	return nil
}

// field is a named number of a description.
type field struct {
	name  string
	value int
}

// allAtLeast returns an error for each field below min.
func allAtLeast(min int, stage string, fields ...field) []error {
	var errs []error
	for _, f := range fields {
		errs = append(errs, atLeast(min, stage+" "+f.name, f.value)...)
	}
	return errs
}
