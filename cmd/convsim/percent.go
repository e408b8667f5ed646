package main

import (
	"fmt"
	"strconv"
	"strings"
)

// percent is a flag such as 2%, with the sign or without.
type percent float64

func (p *percent) String() string { return strconv.FormatFloat(float64(*p), 'g', -1, 64) + "%" }

// Set reads a share.
func (p *percent) Set(text string) error {
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(v >= 0 && v <= mostPercent) {
		return fmt.Errorf("allowed: 0%% to %d%%", mostPercent)
	}
	*p = percent(v)
	return nil
}

// Type is what the help calls the value.
func (p *percent) Type() string { return "percent" }

const mostPercent = 1_000_000
