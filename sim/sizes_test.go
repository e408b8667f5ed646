package sim

import (
	"context"
	"strings"
	"testing"
)

// one is a layer with a channel in and out.
func one(rest string) string { return `{op: conv2d, in_channels: 1, out_channels: 1, ` + rest + `}` }

// TestLargeSizesHoldAFrame: a buffer never takes memory for more than the frames
// that pass it, whatever stride, depth and dilation ask for.
func TestLargeSizesHoldAFrame(t *testing.T) {
	for _, c := range []struct {
		name, hardware, layer string
		words, cycles         int64
	}{
		// One output: row 0, column 0. Pixels 0, 1, 5 and 6 come in cycles 0, 1, 5 and 6.
		{"a stride beyond the image", `{name: s}`, one(`kernel_size: 2, stride: 1073741824, input: {height: 5, width: 5}`), 25, 17},
		{"the largest stride", `{name: s}`, one(`kernel_size: 2, stride: 2147483647, input: {height: 5, width: 5}`), 25, 17},
		{"a stride beyond a row", `{name: s}`, one(`kernel_size: 2, stride: [1, 134217728], input: {height: 5, width: 5}`), 25, 32},
		{"the deepest buffer", `{name: s, window: {buffer_depth: 1073741824}}`,
			one(`kernel_size: 2, stride: 1073741824, input: {height: 5, width: 5}`), 1073741824, 17},
		{"the deepest buffer, frames overlapping", `{name: s, window: {buffer_depth: 1073741824, frame_overlap: true}}`,
			one(`kernel_size: 2, stride: 1073741824, input: {height: 5, width: 5}`), 1073741824, 17},
		{"the deepest FIFOs", `{name: s, fifo: {depth: 1048576}}`, one(`kernel_size: 2, stride: 5, input: {height: 5, width: 5}`), 23, 17},
		{"a stride within the image", `{name: s}`, one(`kernel_size: 2, stride: 2, input: {height: 5, width: 5}`), 8, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, c.hardware, c.layer)
			out, err := Run(context.Background(), hw, layer, Options{})
			if err != nil || out.Failure() != nil {
				t.Fatal(err, out)
			}
			if r := out.Report; r.Buffers[0].Depth != c.words || c.cycles > 0 && r.Cycles != c.cycles {
				t.Errorf("%+v, %d cycles; want %d words and %d cycles", r.Buffers[0], r.Cycles, c.words, c.cycles)
			}
		})
	}
}

// TestRefusedSizes: what cannot be held is refused with its size.
func TestRefusedSizes(t *testing.T) {
	const deep = `{name: s, window: {buffer_depth: 1073741824, frame_overlap: true}}`
	for _, c := range []struct {
		name, hardware, layer string
		frames                int
		want                  string
	}{
		{"a line buffer", `{name: s}`, one(`kernel_size: 2, dilation: 10000, input: {height: 10001, width: 10001}`), 1,
			"kernel_size: illegal value, got a line buffer of 100020001 beats; allowed: at most 67108864 beats held"},
		{"frames in a deep buffer", deep, one(`kernel_size: 2, input: {height: 1000, width: 1000}`), 100,
			"window.buffer_depth: illegal value, got 1073741824; allowed: at most 67108864 beats held, or 100 frames of at most as many"},
		{"an image shown again", `{name: s, window: {style: parallel}}`,
			one(`kernel_size: 2, padding: 1, padding_mode: circular, input: {height: 10000, width: 10000}`), 1,
			"padding_mode: illegal value, got an image of 100000000 beats to show again; allowed: at most 67108864"},
		{"output channels", `{name: s, array: {pe: 8}}`, `{op: conv2d, in_channels: 1, out_channels: 2147483647, kernel_size: 1, input: {height: 2, width: 2}}`, 1,
			"out_channels: illegal value, got an output pixel of 2.68e+08 cycles; allowed: at most 134217728 on s"},
		{"rows", `{name: s}`, one(`kernel_size: [2, 1], input: {height: 2147483647, width: 1}`), 1,
			"input: illegal value, got 2147483646 rows or columns to read one by one; allowed: at most 16777216"},
		{"a pixel", `{name: s}`,
			`{op: conv2d, in_channels: 100000000, out_channels: 100000000, groups: 100000000, kernel_size: 2, input: {height: 2, width: 2}}`, 1,
			"a pixel of 4e+08 beats; allowed: at most 67108864"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, c.hardware, c.layer)
			_, err := Run(context.Background(), hw, layer, Options{Frames: c.frames, NoValues: true})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
