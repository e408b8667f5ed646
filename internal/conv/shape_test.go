package conv_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestShapeCounts(t *testing.T) {
	l := layer()
	l.Padding = explicit(1, 0, 2, 0)
	s, err := l.Resolve(3, 5, 6)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{
		"padded height": int64(s.PaddedHeight()), "padded width": int64(s.PaddedWidth()),
		"taps": int64(s.Taps()), "input": s.InputElements(), "padded": s.PaddedElements(),
		"weight": s.WeightElements(), "output": s.OutputElements(), "MACs": s.MACs(),
	}
	want := map[string]int64{
		"padded height": 6, "padded width": 8,
		"taps": 2 * 2 * 3, "input": 3 * 4 * 5 * 6, "padded": 3 * 4 * 6 * 8,
		"weight": 6 * 2 * 2 * 3, "output": 3 * 6 * 5 * 6, "MACs": 3 * 6 * 5 * 6 * 12,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]int{{3, 4, 5, 6}, {6, 2, 2, 3}, {3, 6, 5, 6}}, [][]int{s.InputShape(), s.WeightShape(), s.OutputShape()}); diff != "" {
		t.Errorf("input, weight, output (-want +got)\n%s", diff)
	}
	if got := s.KernelExtent(); got != (conv.Pair{H: 2, W: 3}) {
		t.Errorf("kernel extent %v", got)
	}
}

func TestDepthwise(t *testing.T) {
	for name, c := range map[string]struct {
		s    conv.Shape
		want bool
	}{
		"grouped":            {conv.Shape{InChannels: 4, OutChannels: 4, Groups: 2}, false},
		"depthwise":          {conv.Shape{InChannels: 4, OutChannels: 4, Groups: 4}, true},
		"with multiplier":    {conv.Shape{InChannels: 4, OutChannels: 8, Groups: 4}, true},
		"one channel, dense": {conv.Shape{InChannels: 1, OutChannels: 4, Groups: 1}, false},
	} {
		if got := c.s.Depthwise(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The pictures of PyTorch's documentation: what stands around "abcd".
func TestSourceIndex(t *testing.T) {
	for mode, want := range map[conv.PaddingMode]string{
		conv.Zeros:     "...abcd...",
		conv.Reflect:   "dcbabcdcba",
		conv.Replicate: "aaaabcdddd",
		conv.Circular:  "bcdabcdabc",
	} {
		var got strings.Builder
		for i := -3; i < 7; i++ {
			letter := byte('.')
			if src, ok := conv.SourceIndex(mode, i, 4); ok {
				letter = "abcd"[src]
			}
			got.WriteByte(letter)
		}
		if got.String() != want {
			t.Errorf("%s: %s; want %s", mode, got.String(), want)
		}
	}
	if i, ok := conv.SourceIndex(conv.Replicate, 1000, 1); i != 0 || !ok {
		t.Errorf("replicate has a limit: %d, %v", i, ok)
	}
	if i, ok := conv.SourceIndex(conv.Circular, -4, 4); i != 0 || !ok {
		t.Errorf("circular cannot show a whole image: %d, %v", i, ok)
	}
	for mode, i := range map[conv.PaddingMode]int{conv.Reflect: -4, conv.Circular: 8} {
		if got := panicOf(func() { conv.SourceIndex(mode, i, 4) }); !strings.HasPrefix(got, "conv: ") {
			t.Errorf("%s at %d: panic %q", mode, i, got)
		}
	}
}

// Every pixel of the copied padding is the pixel SourceRow and SourceColumn
// name, and every source exists for a legal layer.
func TestPadded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		x := make([]int32, s.InputElements())
		for i := range x {
			x[i] = int32(i + 1)
		}
		var want []int32
		for plane := range s.Batch * s.InChannels {
			for p := range s.PaddedHeight() {
				for q := range s.PaddedWidth() {
					row, okRow := s.SourceRow(p)
					column, okColumn := s.SourceColumn(q)
					pixel := int32(0)
					if okRow && okColumn {
						pixel = x[(plane*s.InHeight+row)*s.InWidth+column]
					}
					want = append(want, pixel)
				}
			}
		}
		got := conv.Padded(s, x)
		if len(want) == 0 {
			want = []int32{}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", s, diff)
		}
	})
}

func TestNaturalOrder(t *testing.T) {
	s := conv.Shape{InChannels: 4, OutChannels: 2, Groups: 2, Kernel: conv.Pair{H: 1, W: 2}}
	want := conv.Order{{{0, 0, 0}}, {{1, 0, 0}}, {{0, 0, 1}}, {{1, 0, 1}}}
	got := conv.NaturalOrder(s)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !got.Complete(s) || got[1:].Complete(s) || append(got[1:], got[1]).Complete(s) {
		t.Error("Complete: wants every tap, once")
	}
}
