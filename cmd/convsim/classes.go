package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/tensor"
)

// topClasses is how many classes of a classifier are shown, for each of at most
// topFrames frames.
const (
	topClasses = 5
	topFrames  = 10
)

// writeClasses prints the largest outputs of a classifier: a network with one output,
// which has a row of numbers for each frame.
func writeClasses(w io.Writer, outputs map[string]*tensor.Tensor, names []string) error {
	if len(names) != 1 || outputs[names[0]] == nil {
		return nil
	}
	y := outputs[names[0]]
	shape := y.Shape()
	for len(shape) > 2 && shape[len(shape)-1] == 1 {
		shape = shape[:len(shape)-1]
	}
	if len(shape) != 2 || shape[1] <= topClasses {
		return nil
	}
	label := fmt.Sprintf("  %-12s", fmt.Sprint("top ", topClasses))
	for frame := range min(shape[0], topFrames) {
		var parts []string
		for _, class := range largest(y, frame*shape[1], shape[1]) {
			parts = append(parts, fmt.Sprintf("%d (%.6g)", class, y.Float(frame*shape[1]+class)))
		}
		if _, err := fmt.Fprintf(w, "%s %s\n", label, strings.Join(parts, ", ")); err != nil {
			return err
		}
		label = strings.Repeat(" ", len(label))
	}
	return nil
}

// largest returns the classes with the largest of n numbers, the first of equal
// ones first.
func largest(y *tensor.Tensor, at, n int) []int {
	classes := make([]int, n)
	for i := range classes {
		classes[i] = i
	}
	slices.SortStableFunc(classes, func(a, b int) int { return cmp.Compare(y.Float(at+b), y.Float(at+a)) })
	return classes[:topClasses]
}
