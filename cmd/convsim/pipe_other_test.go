//go:build !unix

package main

import "errors"

// makePipe has no pipes to make here.
func makePipe(string) error { return errors.ErrUnsupported }
