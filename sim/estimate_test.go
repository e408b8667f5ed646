package sim

import "testing"

// TestEstimate holds bounds and estimates to values worked out by hand.
func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		name, hardware, layer string
		frames                int64
		bound, estimate       int64
		stage                 string
	}{
		// 2 of 6 rows are read, of 3 pixels and 6 channels.
		{"rows that no output needs", `{name: r, array: {pe: 1, simd: 1}, window: {frame_overlap: true}, fifo: {depth: 0}}`,
			`{op: conv2d, in_channels: 6, out_channels: 6, groups: 6, kernel_size: [2, 1], stride: [5, 1], input: {height: 6, width: 3}}`,
			1, 36, 36, "source"},
		{"but by the next frame", `{name: r, array: {pe: 1, simd: 1}, window: {frame_overlap: true}, fifo: {depth: 0}}`,
			`{op: conv2d, in_channels: 6, out_channels: 6, groups: 6, kernel_size: [2, 1], stride: [5, 1], input: {height: 6, width: 3}}`,
			2, 108 + 36, 108 + 36, "source"},
		// 16 beats, the last in cycle 5*15+4.
		{"a slow source", `{name: s, source: {every: 5, phase: 4}}`,
			`{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, input: {height: 4, width: 4}}`, 1, 80, 80, "source"},
		// 16 beats in two bursts of 8, 100 cycles apart; the first pixel is there in cycle 0.
		{"a bursty sink", `{name: s, sink: {burst: {open: 8, closed: 92}}}`,
			`{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, input: {height: 4, width: 4}}`, 1, 108, 109, "sink"},
		// 4 outputs of 9 taps; the window ends with the pixel in row 2, column 2, which is beat 10: in cycle 30.
		{"a window behind a slow source", `{name: s, array: {pe: 1, simd: 1}, source: {every: 3}}`,
			`{op: conv2d, in_channels: 1, out_channels: 4, kernel_size: 3, input: {height: 4, width: 4}}`, 1, 144, 144 + 30 + 9, "array"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, c.hardware, c.layer)
			d, err := NewDesign(hw, layer)
			if err != nil {
				t.Fatal(err)
			}
			e := d.estimate(c.frames, 0)
			if e.BoundCycles != c.bound || e.BoundStage != c.stage || e.Cycles != c.estimate {
				t.Errorf("%+v, want at least %d by the %s, estimated %d", e, c.bound, c.stage, c.estimate)
			}
			r, err := d.Time(c.frames, TimeOptions{})
			if err != nil || int64(r.Total) < e.BoundCycles {
				t.Errorf("a run of %v (%v) is shorter than %+v", r, err, e)
			}
		})
	}
}
