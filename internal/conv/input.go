package conv

import "fmt"

// CheckInputShape reads an input tensor's shape: [batch, channels, height,
// width], or [channels, height, width] for one image without a batch
// dimension. The error is a Problem of the key "input"; sizes are Resolve's to
// judge.
func (c Conv2d) CheckInputShape(shape []int) (batch, height, width int, unbatched bool, err error) {
	image, batch, unbatched := shape, 1, len(shape) == 3
	if len(shape) == 4 {
		image, batch = shape[1:], shape[0]
	}
	if len(image) != 3 || image[0] != c.InChannels {
		return 0, 0, 0, false, c.badInput(shape)
	}
	return batch, image[1], image[2], unbatched, nil
}

func (c Conv2d) badInput(shape []int) error {
	allowed := fmt.Sprintf("[batch, %d, height, width] or [%[1]d, height, width] (in_channels is %[1]d)", c.InChannels)
	return Problems{{"input", fmt.Sprintf("a tensor of shape %v", shape), allowed}}
}
