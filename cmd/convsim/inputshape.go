package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/onnx"
)

// inputShapes is the flag --input-shape: the shapes of inputs of a model.
type inputShapes []string

func (f *inputShapes) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar((*[]string)(f), "input-shape", nil,
		"shape of an input: NAME=1x3x224x224, or without NAME= if there is one input (may be given again)")
}

// of reads the shapes of a model's inputs.
func (f inputShapes) of(m *onnx.Model) (map[string][]int, error) {
	shapes := map[string][]int{}
	var errs []error
	for _, text := range f {
		name, shape := "", text
		if at := strings.LastIndex(text, "="); at >= 0 {
			name, shape = text[:at], text[at+1:]
		} else if free := m.FreeInputs(); len(free) == 1 {
			name = free[0]
		} else {
			errs = append(errs, fmt.Errorf("--input-shape %s names no input; allowed: NAME=%[1]s, of %d inputs: %s",
				text, len(free), strings.Join(free, ", ")))
			continue
		}
		sizes, err := parseShape(shape)
		if err != nil {
			errs = append(errs, fmt.Errorf("--input-shape %s: %w", text, err))
		}
		if _, ok := shapes[name]; ok {
			errs = append(errs, fmt.Errorf("--input-shape %s: input %s has a shape already", text, name))
		}
		shapes[name] = sizes
	}
	return shapes, errors.Join(errs...)
}

// parseShape reads sizes with an x between them; a scalar has none.
func parseShape(text string) ([]int, error) {
	shape := []int{}
	if text == "" {
		return shape, nil
	}
	for part := range strings.SplitSeq(text, "x") {
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no size; allowed: whole numbers with an x between them, as in 1x3x224x224", part)
		}
		shape = append(shape, int(n))
	}
	return shape, nil
}
