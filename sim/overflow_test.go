package sim

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// sumLayer adds up four pixels: with weights of 1, sums that are easy to see.
const sumLayer = `{op: conv2d, in_channels: 4, out_channels: 1, kernel_size: 1, bias: false, input: {height: 1, width: 4}`

// sumPixels are the channels of sumLayer's four pixels: sums of 400, 100, -400
// and 127, of which the second leaves 8 bits on its way.
var sumPixels = []int8{100, 100, -100, 127, 100, 100, -100, 0, 100, -100, -100, 0, 100, 0, -100, 0}

// TestOverflow: accumulators that are too narrow make outputs that are not
// Conv2d's, and the run says so, unless what follows hides it.
func TestOverflow(t *testing.T) {
	for _, c := range []struct {
		name, accumulator, layer string
		want                     *Overflow
		needed                   int
		ok                       bool
	}{
		{"wide enough", "bits: 10", "}", nil, 10, true},
		{"one bit less wraps", "bits: 9", "}",
			&Overflow{Elements: 2, LargestDifference: 512, At: []int{0, 0, 0, 0}, Got: -112, Conv2d: 400}, 10, false},
		{"allowed", "bits: 9, allow_overflow: true", "}",
			&Overflow{Elements: 2, LargestDifference: 512, At: []int{0, 0, 0, 0}, Got: -112, Conv2d: 400, Allowed: true}, 10, true},
		{"what wraps on its way comes back", "bits: 8", "}",
			&Overflow{Elements: 2, LargestDifference: 512, At: []int{0, 0, 0, 0}, Got: -112, Conv2d: 400}, 10, false},
		{"what saturates on its way does not", "bits: 8, overflow: saturate", "}",
			&Overflow{Elements: 3, LargestDifference: 273, At: []int{0, 0, 0, 0}, Got: 127, Conv2d: 400}, 10, false},
		{"a difference that is clamped away", "bits: 9, overflow: saturate", ", requantize: {rule: shift, shift: 0}}", nil, 10, true},
		{"a difference that is requantised", "bits: 9, overflow: saturate", ", requantize: {rule: shift, shift: 3}}",
			&Overflow{Elements: 2, LargestDifference: 18, At: []int{0, 0, 0, 0}, Got: 32, Conv2d: 50}, 10, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, `{name: narrow, accumulator: {`+c.accumulator+`}}`, sumLayer+c.layer)
			d, data := mustLoad(t, hw, layer, 1)
			copy(data.Input.Data.([]int8), sumPixels)
			for i := range data.Weight.Len() {
				data.Weight.Data.([]int8)[i] = 1
			}
			out, err := d.Run(context.Background(), data, 1, Options{})
			if err != nil || out.Wrong != nil {
				t.Fatal(err, out.Wrong)
			}
			r, verdict := out.Report, Equal
			if c.want != nil {
				verdict, c.want.Of, c.want.BitsNeeded = Overflowed, 4, c.needed
			}
			if diff := cmp.Diff(c.want, r.Overflow, cmpopts.IgnoreUnexported(Overflow{})); diff != "" {
				t.Errorf("overflow (-want +got):\n%s", diff)
			}
			if r.Verdict != verdict || *r.Verified != c.ok || (out.Failure() == nil) != c.ok {
				t.Errorf("verdict %s, verified %v, failure %v", r.Verdict, *r.Verified, out.Failure())
			}
			if r.Accumulator.NeededBits != c.needed {
				t.Errorf("%d bits needed, want %d", r.Accumulator.NeededBits, c.needed)
			}
		})
	}
}

// TestNeededBitsDo: with as many bits as the run asks for, the outputs are
// Conv2d's; without an overflow they were already.
func TestNeededBitsDo(t *testing.T) {
	t.Parallel()
	overflowed := 0
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		hw.Accumulator.Bits = rapid.IntRange(2, 20).Draw(t, "narrow bits")
		out, err := Run(context.Background(), hw, layer, Options{Seed: 1})
		if err != nil || out.Wrong != nil {
			t.Fatal(err, out.Wrong)
		}
		first := out.Report
		if first.Overflow == nil && first.Verdict != Equal {
			t.Fatalf("verdict %s without an overflow", first.Verdict)
		}
		if first.Overflow == nil || first.Overflow.BitsNeeded > 32 {
			return
		}
		overflowed++
		if first.Overflow.BitsNeeded <= hw.Accumulator.Bits || first.Verdict != Overflowed || *first.Verified {
			t.Fatalf("verdict %s, verified %v, %d bits needed of %d", first.Verdict, *first.Verified, first.Overflow.BitsNeeded, hw.Accumulator.Bits)
		}
		hw.Accumulator.Bits = first.Overflow.BitsNeeded
		out, err = Run(context.Background(), hw, layer, Options{Seed: 1})
		if err != nil || out.Report.Verdict != Equal || !*out.Report.Verified {
			t.Fatalf("with %d bits: %v, %v", hw.Accumulator.Bits, err, out.Report.Overflow)
		}
		if out.Report.OutputSHA256 == first.OutputSHA256 {
			t.Fatal("the overflow changed nothing")
		}
	})
	if overflowed == 0 {
		t.Error("nothing overflowed")
	}
}

// TestSimulatorFaultIsNoOverflow: an output that is neither Conv2d's nor that of
// the modelled accumulator is a fault, and so is Conv2d's where the accumulator
// overflows. No key of the hardware allows it.
func TestSimulatorFaultIsNoOverflow(t *testing.T) {
	hw, layer := parse(t, `{name: narrow, accumulator: {bits: 9, allow_overflow: true}}`, sumLayer+"}")
	for name, value := range map[string]int32{"neither": 7, "Conv2d's": 400} {
		t.Run(name, func(t *testing.T) {
			d, data := mustLoad(t, hw, layer, 1)
			copy(data.Input.Data.([]int8), sumPixels)
			for i := range data.Weight.Len() {
				data.Weight.Data.([]int8)[i] = 1
			}
			out, err := d.Run(context.Background(), data, 1, Options{NoVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			out.Output.Data.([]int32)[0] = value
			if err := d.verify(context.Background(), data, 1, out); err != nil {
				t.Fatal(err)
			}
			if out.Report.Verdict != Different || *out.Report.Verified || out.Failure() == nil || out.Wrong.Want != "-112" {
				t.Errorf("verdict %s, verified %v, %v", out.Report.Verdict, *out.Report.Verified, out.Wrong)
			}
		})
	}
}

// TestExpectedOverflow: an expected tensor that holds the overflowed outputs is
// met, one that holds Conv2d's is not, whether or not overflow is allowed.
func TestExpectedOverflow(t *testing.T) {
	for _, c := range []struct {
		name     string
		allow    bool
		first    int32
		met, ok  bool
		expected bool // the complaint is about the expected output
	}{
		{"met", false, -112, true, false, false},
		{"met and allowed", true, -112, true, true, false},
		{"not met", false, 400, false, false, true},
		{"not met but allowed", true, 400, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, `{name: narrow, accumulator: {bits: 9}}`, sumLayer+"}")
			hw.Accumulator.AllowOverflow, hw.Accumulator.Overflow = c.allow, configs.Wrap
			d, data := mustLoad(t, hw, layer, 1)
			copy(data.Input.Data.([]int8), sumPixels)
			for i := range data.Weight.Len() {
				data.Weight.Data.([]int8)[i] = 1
			}
			out, err := d.Run(context.Background(), data, 1, Options{NoVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			data.Expect = out.Output
			out.Output, _ = out.Output.Convert(out.Output.DType())
			data.Expect.Data.([]int32)[0] = c.first
			if err := d.verify(context.Background(), data, 1, out); err != nil {
				t.Fatal(err)
			}
			r := out.Report
			if r.Verdict != Overflowed || r.Overflow == nil || r.ExpectMet != c.met || *r.Verified != c.ok {
				t.Errorf("verdict %s, overflow %v, expect met %v, verified %v", r.Verdict, r.Overflow, r.ExpectMet, *r.Verified)
			}
			if about := out.Failure() != nil && strings.Contains(out.Failure().Error(), "expected output"); about != c.expected {
				t.Errorf("failure %v", out.Failure())
			}
		})
	}
}

// TestWhatMayNotOverflowDoesNot, whatever the data are; and where some data may
// overflow, the worst do.
func TestWhatMayNotOverflowDoesNot(t *testing.T) {
	t.Parallel()
	never, worst := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		layer.Conv.Bias, layer.Conv.Padding.Sides = false, conv.Sides{}
		if _, err := layer.Shape(); err != nil || layer.Batch == 0 || layer.DType.Input.IsFloat() {
			t.Skip("no sums of integers")
		}
		layer.Requantize, layer.DType.Output = nil, tensor.Int32
		d, data := mustLoad(t, hw, layer, 1)
		extremes(t, data.Input, layer.DType.Input)
		extremes(t, data.Weight, layer.DType.Weight)
		out, err := d.Run(context.Background(), data, 1, Options{})
		if err != nil {
			t.Fatal(err)
		}
		overflowed := out.Report.Accumulator.Overflowed
		if overflowed && !d.MayOverflow() {
			t.Fatalf("%d bits needed of %d", out.Report.Accumulator.NeededBits, hw.Accumulator.Bits)
		}
		if !d.MayOverflow() {
			never++
		}
		if overflowed {
			worst++
		}
	})
	if never == 0 || worst == 0 {
		t.Errorf("%d could not overflow, %d did", never, worst)
	}
}

// extremes fills a tensor with one end of its type's range.
func extremes(t *rapid.T, x *tensor.Tensor, dtype tensor.DType) {
	lo, hi := dtype.Range()
	values := make([]int32, x.Len())
	value := int32(rapid.SampledFrom([]int64{lo, hi}).Draw(t, "extreme"))
	for i := range values {
		values[i] = value
	}
	filled, err := tensor.FromInt32s(dtype, values, x.Shape()...)
	if err != nil {
		t.Fatal(err)
	}
	x.Data = filled.Data
}
