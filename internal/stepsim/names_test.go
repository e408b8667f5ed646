package stepsim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// timeline writes a process's cycles as one letter each: Busy, Starved, blocKed, Throttled, tuRnaround,
// finished as a dot.
func timeline(p Process) string {
	letters := make([]byte, len(p.Timeline))
	for i, n := range p.Timeline {
		letters[i] = "BSKTR."[n]
	}
	return string(letters)
}

// timelines runs a chain and returns every process's timeline.
func timelines(t *testing.T, c Chain) map[string]string {
	t.Helper()
	c.Timelines = true
	r, err := c.Run(1000)
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, r)
	got := map[string]string{}
	for _, p := range r.Processes {
		got[p.String()] = timeline(p)
	}
	return got
}

// row1D is a window of kw taps over rows of w pixels.
func row1D(w, kw int) Window {
	return Window{H: 1, W: w, KH: 1, KW: kw, SH: 1, SW: 1, DH: 1, DW: 1, GroupFolds: 1, ChannelFolds: 1}
}

func (s Window) parallelStyle() Window { s.Parallel = true; return s }
func (s Window) overlapping() Window   { s.FrameOverlap = true; return s }

// The timelines below were worked out by hand from the rules of the blocks.
func TestTimelines(t *testing.T) {
	tests := []struct {
		name   string
		stages []Stage
		want   map[string]string
	}{
		{
			name:   "serial window waits for the frame's end",
			stages: []Stage{Source{}, row1D(4, 2), Sink{}},
			want: map[string]string{
				"source0":     "BBBKBKKKBBBKB...",
				"linebuffer1": "BBBKBRRRBBBKB...",
				"window1":     "SBBBBBBSSBBBBBB.",
				"sink2":       "SSBBBBBBSSBBBBBB",
			},
		},
		{
			name:   "serial window with overlapping frames",
			stages: []Stage{Source{}, row1D(4, 2).overlapping(), Sink{}},
			want: map[string]string{
				"source0":     "BBBKBKBBBKB...",
				"linebuffer1": "BBBKBKBBBKB...",
				"window1":     "SBBBBBBBBBBBB.",
				"sink2":       "SSBBBBBBBBBBBB",
			},
		},
		{
			name:   "parallel window",
			stages: []Stage{Source{}, row1D(3, 2).parallelStyle(), Sink{}},
			want: map[string]string{
				"source0":     "BBBKBBB.",
				"linebuffer1": "BBBRBBB.",
				"window1":     "SSBBSSBB",
				"sink2":       "SSBBSSBB",
			},
		},
		{
			name:   "parallel window and a slow sink",
			stages: []Stage{Source{}, row1D(3, 2).parallelStyle(), Sink{Gate: Every{N: 2}}},
			want: map[string]string{
				"source0":     "BBBKKBBKB..",
				"linebuffer1": "BBBRRBBKB..",
				"window1":     "SSBKBSSKBKB",
				"sink2":       "SSBTBSSTBTB",
			},
		},
		{
			name:   "parallel window with overlapping frames",
			stages: []Stage{Source{}, row1D(3, 2).parallelStyle().overlapping(), Sink{}},
			want: map[string]string{
				"source0":     "BBBBBB.",
				"linebuffer1": "BBBBBB.",
				"window1":     "SSBBSBB",
				"sink2":       "SSBBSBB",
			},
		},
		{
			name:   "writer is starved before it is in a turnaround",
			stages: []Stage{Source{Gate: Every{N: 8}}, row1D(1, 1), Sink{}},
			want: map[string]string{
				"source0":     "BTTTTTTTB.",
				"linebuffer1": "BSSSSSSSB.",
				"window1":     "SBSSSSSSSB",
				"sink2":       "SBSSSSSSSB",
			},
		},
		{
			name:   "zero padding",
			stages: []Stage{Source{}, Pad{H: 1, W: 2, Left: 1, Right: 1, Folds: 1}, Sink{}},
			want: map[string]string{
				"source0": "BKBBKKB..",
				"pad1":    "BBBBBBBB.",
				"sink2":   "SBBBBBBBB",
			},
		},
		{
			name:   "zero padding and a slow source",
			stages: []Stage{Source{Gate: Every{N: 3}}, Pad{H: 1, W: 2, Left: 1, Right: 1, Folds: 1}, Sink{}},
			want: map[string]string{
				"source0": "BTTBTTBTTB..",
				"pad1":    "BBSBBBBSSBB.",
				"sink2":   "SBBSBBBBSSBB",
			},
		},
		{
			name:   "zero padding and a slow sink",
			stages: []Stage{Source{}, Pad{H: 1, W: 1, Left: 1, Folds: 1}, Sink{Gate: Every{N: 2}}},
			want: map[string]string{
				"source0": "BKKB.....",
				"pad1":    "BKBKBKB..",
				"sink2":   "STBTBTBTB",
			},
		},
		{
			name:   "addressed padding",
			stages: []Stage{Source{}, AddressedPad{H: 1, W: 2, Rows: []int{0}, Cols: Reflect(2, 1, 1), Folds: 1}, Sink{}},
			want: map[string]string{
				"source0":     "BBKKKKKBB.....",
				"linebuffer1": "BBRRRRRBB.....",
				"window1":     "SSBBBBSSSBBBB.",
				"sink2":       "SSSBBBBSSSBBBB",
			},
		},
		{
			name:   "array without replay",
			stages: []Stage{Source{}, Array{SF: 2, NF: 1, Vectors: 1}, Sink{}},
			want: map[string]string{
				"source0": "BBBB.....",
				"array1":  "BBBB.....",
				"sink2":   "SSSSSSBSB",
			},
		},
		{
			name:   "array with replay",
			stages: []Stage{Source{}, Array{SF: 2, NF: 2, Vectors: 1}, Sink{}},
			want: map[string]string{
				"source0": "BBKKBB.........",
				"array1":  "SSBBBBBBBB.....",
				"sink2":   "SSSSSSSSBSBSBSB",
			},
		},
		{
			name:   "array that locks and catches what is in flight",
			stages: []Stage{Source{}, Array{SF: 1, NF: 1, Vectors: 4}, Sink{Gate: Listed{Cycles: []Cycle{12, 13, 14, 15, 16, 17, 18, 25, 26}}}},
			want: map[string]string{
				"source0": "BBBBBBKKKKKKKKKKKKBB.......",
				"array1":  "BBBBBBKKKKKKKKKKKKBB.......",
				"sink2":   "SSSSSTTTTTTTBBBBBBSSSSSTTBB",
			},
		},
		{
			name:   "requantisation",
			stages: []Stage{Source{Beats: 2}, Requant{}, Sink{Gate: Every{N: 3}}},
			want: map[string]string{
				"source0":  "BKKBKKBKKB...",
				"requant1": "BKKBKKBKKB...",
				"sink2":    "STTBTTBTTBTTB",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := timelines(t, Chain{Stages: tt.stages, Frames: 2})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
