package dse

import (
	"errors"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/space"
)

// hardware is the hardware of a point, on the board of the sweep. An error says what is wrong with it.
func (e *evaluator) hardware(index int64, values []space.Value) (*configs.Hardware, error) {
	hw, err := e.assemble(index, values)
	board := e.sweep.Definition.Board
	if err != nil || board == nil {
		return hw, err
	}
	hw.Mount(board)
	if aside := hw.SetAside(); aside != "" && slices.Contains(e.sweep.Axes.Names(), "resources.dsp") {
		return nil, errors.New(aside) // a row may not show slices that its numbers are not of
	}
	return hw, nil
}

func (e *evaluator) assemble(index int64, values []space.Value) (*configs.Hardware, error) {
	if e.composer != nil {
		if hw, ok := e.composer.Compose(e.sweep.Axes.Coords(index)); ok {
			return hw, nil
		}
	}
	return configs.ParseHardware("", e.sweep.Template.Fill(nil, values))
}
