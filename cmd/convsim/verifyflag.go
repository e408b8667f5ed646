package main

import "fmt"

// verifyFlag is --verify: what outputs are compared with.
type verifyFlag struct{ naive *bool }

// String is the flag as written.
func (v verifyFlag) String() string {
	if v.naive != nil && *v.naive {
		return "naive"
	}
	return "fast"
}

// Set reads it.
func (v verifyFlag) Set(text string) error {
	switch text {
	case "fast", "naive":
		*v.naive = text == "naive"
		return nil
	}
	return fmt.Errorf("allowed: fast, naive")
}

// Type is what --help calls its value.
func (verifyFlag) Type() string { return "fast|naive" }
