package conv_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func square(n int) conv.Pair { return conv.Pair{H: n, W: n} }

func explicit(top, bottom, left, right int) conv.Padding {
	return conv.Padding{Sides: conv.Sides{Top: top, Bottom: bottom, Left: left, Right: right}}
}

// layer is a legal layer to spoil.
func layer() conv.Conv2d {
	return conv.Conv2d{InChannels: 4, OutChannels: 6, Groups: 2, Kernel: conv.Pair{H: 2, W: 3}, Stride: square(1), Dilation: square(1)}
}

func TestResolveProblems(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(c *conv.Conv2d)
		input [3]int // batch, height, width
		want  conv.Problems
	}{
		"channels": {func(c *conv.Conv2d) { c.InChannels, c.OutChannels = 0, -2 }, [3]int{1, 9, 9}, conv.Problems{
			{"in_channels", "0", "1..2147483647"}, {"out_channels", "-2", "1..2147483647"}}},
		"batch": {func(*conv.Conv2d) {}, [3]int{-1, 9, 9}, conv.Problems{{"input.batch", "-1", "0..2147483647"}}},
		"no pixels": {func(c *conv.Conv2d) { c.Padding = explicit(5, 5, 5, 5) }, [3]int{1, 0, 0}, conv.Problems{
			{"input.height", "0", "1..2147483647"}, {"input.width", "0", "1..2147483647"}}},
		"one of a pair": {func(c *conv.Conv2d) { c.Stride.W, c.Kernel.H, c.Dilation.W = 0, -1, 0 }, [3]int{1, 9, 9}, conv.Problems{
			{"kernel_size", "[-1, 3]", "1..2147483647, each"}, {"stride", "[1, 0]", "1..2147483647, each"},
			{"dilation", "[1, 0]", "1..2147483647, each"}}},
		"groups divide neither": {func(c *conv.Conv2d) { c.Groups = 5 }, [3]int{1, 9, 9}, conv.Problems{
			{"groups", "5", "a divisor of in_channels, 4"}, {"groups", "5", "a divisor of out_channels, 6"}}},
		"one negative side": {func(c *conv.Conv2d) { c.Padding = explicit(0, -1, 0, 0) }, [3]int{1, 9, 9}, conv.Problems{
			{"padding", "top 0, bottom -1, left 0, right 0", "0..2147483647 on every side"}}},
		"same, stride in one direction": {func(c *conv.Conv2d) { c.Padding.Kind, c.Stride.W = conv.Same, 2 }, [3]int{1, 9, 9}, conv.Problems{
			{"stride", "[1, 2]", `1 with padding "same"`}}},
		"kernel and dilation": {func(c *conv.Conv2d) { c.Dilation.W = 4; c.Padding = explicit(0, 0, 1, 0) }, [3]int{1, 1, 7}, conv.Problems{
			{"kernel_size", "2", "a kernel that fits the padded height of 1 (0 + 1 + 0)"},
			{"kernel_size", "3", "a kernel that fits the padded width of 8 (1 + 7 + 0), with dilation 4 it spans 9"}}},
		"reflect": {func(c *conv.Conv2d) { c.PaddingMode = conv.Reflect; c.Padding = explicit(4, 5, 0, 5) }, [3]int{1, 5, 5}, conv.Problems{
			{"padding", "4 before and 5 after in height", "at most 4 with padding_mode reflect and input.height 5"},
			{"padding", "0 before and 5 after in width", "at most 4 with padding_mode reflect and input.width 5"}}},
		"circular, same": {func(c *conv.Conv2d) { c.PaddingMode, c.Padding.Kind, c.Dilation.W = conv.Circular, conv.Same, 3 }, [3]int{1, 9, 2},
			conv.Problems{{"padding", "3 before and 3 after in width", "at most 2 with padding_mode circular and input.width 2"}}},
		"unknown words": {func(c *conv.Conv2d) { c.Padding.Kind, c.PaddingMode = 9, 7 }, [3]int{1, 9, 9}, conv.Problems{
			{"padding_mode", "invalid(7)", "zeros, reflect, replicate, circular"},
			{"padding", "invalid(9)", "a number, a pair, or a known word"}}},
		"dilated kernel beyond int32": {func(c *conv.Conv2d) { c.Dilation.W = math.MaxInt32 }, [3]int{1, 9, 9}, conv.Problems{
			{"dilation", "2147483647", "a kernel that spans at most 2147483647 in width, not 4294967295"}}},
		"padded image beyond int32": {func(c *conv.Conv2d) { c.Padding = explicit(0, math.MaxInt32, 0, 0) }, [3]int{1, 9, 9}, conv.Problems{
			{"padding", "0 before and 2147483647 after in height", "a padded height of at most 2147483647, not 2147483656"}}},
		"everything at once": {func(c *conv.Conv2d) { c.Groups, c.Stride, c.InChannels = 0, square(0), 0 }, [3]int{-1, 9, 9}, conv.Problems{
			{"in_channels", "0", "1..2147483647"}, {"stride", "[0, 0]", "1..2147483647, each"},
			{"groups", "0", "1..2147483647"}, {"input.batch", "-1", "0..2147483647"}}},
		"too many elements": {func(c *conv.Conv2d) { c.Stride = square(1 << 30) }, [3]int{1 << 20, 1 << 20, 1 << 20}, conv.Problems{
			{"input", "1048576 x 4 x 1048576 x 1048576 elements with padding", "at most 1152921504606846976"}}},
		"elements beyond 64 bits": {func(c *conv.Conv2d) { c.Stride = square(1 << 30) }, [3]int{1 << 30, 1 << 28, 1 << 30}, conv.Problems{
			{"input", "1073741824 x 4 x 268435456 x 1073741824 elements with padding", "at most 1152921504606846976"}}},
		"too many weights": {func(c *conv.Conv2d) { c.InChannels, c.OutChannels, c.Groups = 1<<30, 1<<30, 1 }, [3]int{1, 2, 3}, conv.Problems{
			{"kernel_size", "1073741824 x 1073741824 x 2 x 3 weights", "at most 1152921504606846976"},
			{"input", "1 x 1073741824 x 1 x 1 x 1073741824 x 2 x 3 multiply-accumulates", "at most 1152921504606846976"}}},
		"too many products of no image": {func(c *conv.Conv2d) { c.InChannels, c.OutChannels, c.Groups = 1<<20, 1<<20, 1 }, [3]int{0, 1 << 10, 1 << 10},
			conv.Problems{{"input", "0 x 1048576 x 1023 x 1022 x 1048576 x 2 x 3 multiply-accumulates", "at most 1152921504606846976"}}},
	} {
		t.Run(name, func(t *testing.T) {
			l := layer()
			c.spoil(&l)
			s, err := l.Resolve(c.input[0], c.input[1], c.input[2])
			if diff := cmp.Diff(error(c.want), err); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if s != (conv.Shape{}) {
				t.Errorf("refused, and yet %+v", s)
			}
		})
	}
}

func TestProblemsSayKeyValueAndAllowed(t *testing.T) {
	_, err := conv.Conv2d{Kernel: square(1), Stride: square(1), Dilation: square(1), Groups: 1, OutChannels: 1}.Resolve(1, 0, 1)
	want := "in_channels is 0; allowed: 1..2147483647\ninput.height is 0; allowed: 1..2147483647"
	if err == nil || err.Error() != want {
		t.Errorf("got %q; want %q", err, want)
	}
}

func TestResolvePadding(t *testing.T) {
	for name, c := range map[string]struct {
		padding                        conv.Padding
		size, kernel, stride, dilation int
		begin, end, out                int
	}{
		"none":                            {explicit(0, 0, 0, 0), 7, 3, 2, 1, 0, 0, 3},
		"asymmetric":                      {explicit(1, 2, 1, 2), 7, 3, 2, 1, 1, 2, 4},
		"valid":                           {conv.Padding{Kind: conv.Valid}, 8, 3, 2, 1, 0, 0, 3},
		"valid takes no sides":            {conv.Padding{Kind: conv.Valid, Sides: conv.Sides{Top: 3, Left: 3}}, 8, 3, 2, 1, 0, 0, 3},
		"same, odd":                       {conv.Padding{Kind: conv.Same}, 7, 3, 1, 2, 2, 2, 7},
		"same, even: less first":          {conv.Padding{Kind: conv.Same}, 7, 4, 1, 1, 1, 2, 7},
		"same_upper: less first":          {conv.Padding{Kind: conv.SameUpper}, 8, 3, 2, 1, 0, 1, 4},
		"same_lower: more first":          {conv.Padding{Kind: conv.SameLower}, 8, 3, 2, 1, 1, 0, 4},
		"same_upper, stride above kernel": {conv.Padding{Kind: conv.SameUpper}, 9, 1, 4, 1, 0, 0, 3},
		"same_upper never crops":          {conv.Padding{Kind: conv.SameUpper}, 8, 1, 4, 1, 0, 0, 2},
		"same_lower, dilated":             {conv.Padding{Kind: conv.SameLower}, 5, 2, 1, 3, 2, 1, 5},
		"stride larger than the image":    {explicit(0, 0, 0, 0), 5, 3, 50, 1, 0, 0, 1},
	} {
		l := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1, Padding: c.padding,
			Kernel: square(c.kernel), Stride: square(c.stride), Dilation: square(c.dilation)}
		s, err := l.Resolve(1, c.size, c.size)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := conv.Sides{Top: c.begin, Bottom: c.end, Left: c.begin, Right: c.end}
		if s.Pad != want || s.OutHeight != c.out || s.OutWidth != c.out {
			t.Errorf("%s: pads %v, out %dx%d; want %v, %d", name, s.Pad, s.OutHeight, s.OutWidth, want, c.out)
		}
	}
}

// The output size is the number of places where a kernel, moved by the stride,
// lies wholly within the padded image. It is counted here.
func TestOutputSizeByCounting(t *testing.T) {
	fits := func(padded, kernel, stride, dilation int) (n int) {
		for start := 0; start+dilation*(kernel-1) < padded; start += stride {
			n++
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		height := fits(s.PaddedHeight(), s.Kernel.H, s.Stride.H, s.Dilation.H)
		width := fits(s.PaddedWidth(), s.Kernel.W, s.Stride.W, s.Dilation.W)
		if diff := cmp.Diff([]int{s.Batch, s.OutChannels, height, width}, s.OutputShape()); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", s, diff)
		}
	})
}

// ONNX's promise for both: ceil(in/stride) outputs.
func TestSameUpperAndLowerOutputSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := func(name string) conv.Pair {
			return conv.Pair{H: rapid.IntRange(1, 9).Draw(t, name), W: rapid.IntRange(1, 9).Draw(t, name)}
		}
		kind := rapid.SampledFrom([]conv.PaddingKind{conv.SameUpper, conv.SameLower}).Draw(t, "kind")
		l := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1, Padding: conv.Padding{Kind: kind},
			Kernel: pair("kernel"), Stride: pair("stride"), Dilation: pair("dilation")}
		in := pair("input")
		s, err := l.Resolve(1, in.H, in.W)
		if err != nil {
			t.Fatal(err)
		}
		want := conv.Pair{H: (in.H + l.Stride.H - 1) / l.Stride.H, W: (in.W + l.Stride.W - 1) / l.Stride.W}
		if got := (conv.Pair{H: s.OutHeight, W: s.OutWidth}); got != want {
			t.Errorf("%+v on %v: out %v; want %v", l, in, got, want)
		}
	})
}

func TestCheckInputShape(t *testing.T) {
	type result struct {
		Batch, Height, Width int
		Unbatched            bool
	}
	for name, c := range map[string]struct {
		shape []int
		want  result
	}{
		"NCHW":    {[]int{2, 4, 7, 9}, result{2, 7, 9, false}},
		"CHW":     {[]int{4, 7, 9}, result{1, 7, 9, true}},
		"no rows": {[]int{0, 4, 0, 9}, result{0, 0, 9, false}},
	} {
		var got result
		var err error
		got.Batch, got.Height, got.Width, got.Unbatched, err = layer().CheckInputShape(c.shape)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	for _, shape := range [][]int{{}, {4}, {7, 9}, {3, 7, 9}, {4, 3, 7, 9}, {1, 1, 4, 7, 9}} {
		_, _, _, _, err := layer().CheckInputShape(shape)
		if !slices.Equal(keys(err), []string{"input"}) {
			t.Errorf("%v: %v", shape, err)
		}
	}
	_, _, _, _, err := layer().CheckInputShape([]int{3, 7, 9})
	want := "input is a tensor of shape [3 7 9]; allowed: [batch, 4, height, width] or [4, height, width] (in_channels is 4)"
	if err.Error() != want {
		t.Errorf("got %q; want %q", err, want)
	}
}

func TestWords(t *testing.T) {
	for _, word := range []string{"zeros", "reflect", "replicate", "circular"} {
		if got, err := conv.ParsePaddingMode(word); err != nil || got.String() != word {
			t.Errorf("ParsePaddingMode(%q) = %v, %v", word, got, err)
		}
	}
	for _, word := range []string{"same", "valid", "same_upper", "same_lower"} {
		if got, err := conv.ParsePadding(word); err != nil || got.String() != word {
			t.Errorf("ParsePadding(%q) = %v, %v", word, got, err)
		}
	}
	_, err := conv.ParsePadding("explicit")
	if err == nil || !strings.Contains(err.Error(), `padding is "explicit"; allowed: a number, a pair [height, width], or one of same, valid,`) {
		t.Error(err)
	}
	_, err = conv.ParsePaddingMode("wrap")
	if err == nil || err.Error() != `padding_mode is "wrap"; allowed: zeros, reflect, replicate, circular` {
		t.Error(err)
	}
	if got := (conv.Accumulator{Bits: 24, Saturate: true}).String(); got != "24 bits, saturate" {
		t.Error(got)
	}
}
