package conv

import "fmt"

// CheckInputShape reads an input tensor's shape: [batch, channels, height,
// width], or [channels, height, width] for one image without a batch
// dimension. The error is a Problem of the key "input"; sizes are Resolve's to
// judge.
func (c Conv2d) CheckInputShape(shape []int) (batch, height, width int, unbatched bool, err error) {
	switch len(shape) {
	case 3:
		unbatched = true
		shape = append([]int{1}, shape...)
	case 4:
	default:
		return 0, 0, 0, false, c.badInput(shape)
	}
	if shape[1] != c.InChannels {
		return 0, 0, 0, false, c.badInput(shape)
	}
	return shape[0], shape[2], shape[3], unbatched, nil
}

func (c Conv2d) badInput(shape []int) error {
	allowed := fmt.Sprintf("[batch, %d, height, width] or [%[1]d, height, width] (in_channels is %[1]d)", c.InChannels)
	return Problems{{"input", fmt.Sprintf("a tensor of shape %v", shape), allowed}}
}
