package sim

import (
	"cmp"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Class is one of the largest outputs of a classifier.
type Class struct {
	Class int     `json:"class"`
	Value float64 `json:"value"`
}

// topClasses is how many classes of a classifier are told, for each of at most
// topFrames frames.
const (
	topClasses = 5
	topFrames  = 10
)

// classesOf are the largest outputs of a classifier, frame by frame: of a network with
// one output, which has a row of numbers for each frame. Nil for any other.
func classesOf(outputs map[string]*tensor.Tensor, names []string) [][]Class {
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
	var frames [][]Class
	for frame := range min(shape[0], topFrames) {
		frames = append(frames, largest(y, frame*shape[1], shape[1]))
	}
	return frames
}

// largest are the classes with the largest of n numbers, the first of equal ones
// first.
func largest(y *tensor.Tensor, at, n int) []Class {
	classes := make([]Class, n)
	for i := range classes {
		classes[i] = Class{i, y.Float(at + i)}
	}
	slices.SortStableFunc(classes, func(a, b Class) int { return cmp.Compare(b.Value, a.Value) })
	return classes[:topClasses]
}
