package sim

import (
	"context"
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// The designs here are small: try more of them than rapid would, unless the
// command line says how many.
func init() {
	if err := flag.Set("rapid.checks", "400"); err != nil {
		panic(err)
	}
}

// drawLayer draws a legal layer with all its ways to pad, group and quantise.
func drawLayer(t *rapid.T) *configs.Layer {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	pair := func(name string, hi int) conv.Pair { return conv.Pair{H: n(name+".h", 1, hi), W: n(name+".w", 1, hi)} }
	groups := n("groups", 1, 4)
	l := &configs.Layer{Name: "drawn", Batch: n("batch", 0, 3), Height: n("height", 1, 7), Width: n("width", 1, 7)}
	l.Conv = conv.Conv2d{Groups: groups, InChannels: groups * n("inputs", 1, 5), OutChannels: groups * n("outputs", 1, 5),
		Kernel: pair("kernel", 3), Stride: pair("stride", 3), Dilation: pair("dilation", 3),
		PaddingMode: conv.PaddingMode(n("mode", 0, 3)), Bias: rapid.Bool().Draw(t, "bias")}
	l.Conv.Padding.Sides = conv.Sides{Top: n("top", 0, 3), Bottom: n("bottom", 0, 3), Left: n("left", 0, 3), Right: n("right", 0, 3)}
	drawTypes(t, l)
	if _, err := l.Shape(); err != nil {
		t.Skip("what PyTorch refuses")
	}
	return l
}

func drawTypes(t *rapid.T, l *configs.Layer) {
	integers := []tensor.DType{tensor.Int4, tensor.UInt4, tensor.Int8, tensor.UInt8, tensor.Int16}
	l.DType = configs.DTypes{Input: rapid.SampledFrom(append(integers, tensor.Float32)).Draw(t, "input"), Accumulator: tensor.Int32}
	if l.DType.Input == tensor.Float32 {
		l.DType = configs.DTypes{Input: tensor.Float32, Weight: tensor.Float32, Accumulator: tensor.Float32, Output: tensor.Float32}
		return
	}
	l.DType.Weight = rapid.SampledFrom(integers).Draw(t, "weight")
	l.DType.Output = tensor.Int32
	l.ZeroPoint.Input = drawValue(t, "zero_point.input", l.DType.Input)
	if rapid.Bool().Draw(t, "weight zero points") {
		for range l.Conv.OutChannels {
			l.ZeroPoint.Weight = append(l.ZeroPoint.Weight, drawValue(t, "zero_point.weight", l.DType.Weight))
		}
	}
	drawRequantize(t, l, rapid.SampledFrom(integers).Draw(t, "output"))
}

func drawRequantize(t *rapid.T, l *configs.Layer, output tensor.DType) {
	rule := rapid.SampledFrom([]configs.RequantizeRule{"", configs.ONNX, configs.TFLite, configs.Shift}).Draw(t, "rule")
	if rule == "" {
		return
	}
	q := &configs.Requantize{Rule: rule, DType: output, OutputZeroPoint: drawValue(t, "zero_point.output", output)}
	scale := rapid.Float32Range(0.001, 0.5)
	q.InputScale, q.OutputScale = scale.Draw(t, "input_scale"), scale.Draw(t, "output_scale")
	for range rapid.SampledFrom([]int{1, l.Conv.OutChannels}).Draw(t, "scales") {
		q.WeightScale = append(q.WeightScale, scale.Draw(t, "weight_scale"))
		q.Shift = append(q.Shift, rapid.IntRange(0, 20).Draw(t, "shift"))
	}
	l.Requantize, l.DType.Output = q, output
}

func drawValue(t *rapid.T, name string, dtype tensor.DType) int64 {
	lo, hi := dtype.Range()
	return rapid.Int64Range(lo, hi).Draw(t, name)
}

func drawHardware(t *rapid.T) *configs.Hardware {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	hw := &configs.Hardware{Name: "drawn", ClockMHz: 100}
	hw.Array = configs.Array{PE: n("pe", 1, 4), SIMD: n("simd", 1, 4), GroupParallel: n("group_parallel", 1, 3)}
	hw.Window.Style = rapid.SampledFrom([]configs.WindowStyle{configs.Serial, configs.Parallel}).Draw(t, "style")
	hw.Window.FrameOverlap = rapid.Bool().Draw(t, "overlap")
	hw.Accumulator.Bits = n("bits", 8, 32)
	hw.Accumulator.Overflow = rapid.SampledFrom([]configs.Overflow{configs.Wrap, configs.Saturate}).Draw(t, "overflow")
	hw.FIFO = configs.FIFO{Depth: n("depth", 0, 3), Latency: 1}
	return hw
}

// TestValuesEqualReference streams random data through random layers on random
// hardware: every output equals the reference bit for bit, and on every edge
// as many elements move as the beats of the time plane carry. Run checks both.
func TestValuesEqualReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		frames := rapid.IntRange(0, 5).Draw(t, "frames")
		out, err := Run(context.Background(), hw, layer, Options{Frames: frames, Seed: rapid.Uint64().Draw(t, "seed")})
		if err != nil {
			t.Fatal(err)
		}
		if out.Wrong != nil {
			t.Fatal(out.Wrong)
		}
		if frames == 0 {
			frames = layer.Batch
		}
		if got := out.Output.Shape()[0]; got != frames {
			t.Fatalf("%d images came out, want %d", got, frames)
		}
	})
}

// TestWrappingSumsInAnyOrder compares sums of wrapping accumulators with those
// of another order, channels last and one tap at a time.
func TestWrappingSumsInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		if layer.DType.Input.IsFloat() {
			t.Skip("rounding depends on the order")
		}
		layer.Requantize, layer.DType.Output = nil, tensor.Int32
		hw.Accumulator.Overflow = configs.Wrap
		d, data := mustLoad(t, hw, layer, layer.Batch)
		out, err := d.Run(context.Background(), data, layer.Batch, Options{NoVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		s := d.Fold.Shape
		x := data.Input.Int32s(nil, 0, data.Input.Len())
		for i := range x {
			x[i] -= int32(layer.ZeroPoint.Input)
		}
		var bias []int32
		if data.Bias != nil {
			bias = data.Bias.Int32s(nil, 0, data.Bias.Len())
		}
		want := conv.ReferenceInt(s, conv.NaturalOrder(s), d.Accumulator(), x, d.weights(data), bias).Held
		if diff := cmp.Diff(want, out.Output.Data.([]int32)); diff != "" {
			t.Fatalf("mismatch (-natural order +pipeline):\n%s", diff)
		}
	})
}

// fataler is a test of either kind.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// mustLoad makes a design and its data.
func mustLoad(t fataler, hw *configs.Hardware, layer *configs.Layer, frames int) (*Design, *Data) {
	t.Helper()
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.LoadData(context.Background(), Paths{}, 1, frames)
	if err != nil {
		t.Fatal(err)
	}
	return d, data
}

// parse makes a hardware and a layer of the text of their files.
func parse(t fataler, hardware, layer string) (*configs.Hardware, *configs.Layer) {
	t.Helper()
	hw, err := configs.ParseHardware("hw.yaml", []byte(hardware))
	if err != nil {
		t.Fatal(err)
	}
	l, err := configs.ParseLayer("layer.yaml", []byte(layer))
	if err != nil {
		t.Fatal(err)
	}
	return hw, l
}

const smallHardware = `{name: small, clock_mhz: 100, array: {pe: 2, simd: 3, group_parallel: 2}}`

// TestGroupsStayApart: with ones for input, zeros for the weights of the first
// group and ones for those of the second, outputs are 0 and 5*3*3.
func TestGroupsStayApart(t *testing.T) {
	hw, layer := parse(t, smallHardware,
		`{op: conv2d, in_channels: 10, out_channels: 20, kernel_size: 3, groups: 2, bias: false, input: {height: 7, width: 7}}`)
	d, data := mustLoad(t, hw, layer, 1)
	x, w := data.Input.Data.([]int8), data.Weight.Data.([]int8)
	for i := range x {
		x[i] = 1
	}
	for i := range w {
		w[i] = int8(2 * i / len(w))
	}
	out, err := d.Run(context.Background(), data, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range out.Output.Len() {
		want := int64(0)
		if out.Output.Coordinates(i)[1] >= 10 {
			want = 45
		}
		if got := out.Output.Int(i); got != want {
			t.Fatalf("output%v is %d, want %d", out.Output.Coordinates(i), got, want)
		}
	}
}

// TestTieBites: a stage that moves an element more or less than the time plane
// has beats for is found out.
func TestTieBites(t *testing.T) {
	hw, layer := parse(t, smallHardware, `{op: conv2d, in_channels: 4, out_channels: 4, kernel_size: 2, padding: 1,
		requantize: {rule: shift, shift: 4}, input: {height: 4, width: 4}}`)
	for _, c := range []struct {
		name string
		idle int64
		ok   bool
	}{{"as many", 0, true}, {"one more", 1, false}, {"one less", -1, false}} {
		t.Run(c.name, func(t *testing.T) {
			d, data := mustLoad(t, hw, layer, 1)
			time, err := d.Time(1, TimeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			o, err := flow.Run(context.Background(), d.Plan, d.Constants(data), flow.Options{Frames: 1})
			if err != nil {
				t.Fatal(err)
			}
			last := len(o.Elements) - 1
			o.Elements[last] += c.idle
			err = moves(d.Plan, time, o.Elements)
			if c.ok && err != nil || !c.ok && (err == nil || !strings.Contains(err.Error(), "requantize.sink")) {
				t.Errorf("the tie says %v", err)
			}
		})
	}
}
