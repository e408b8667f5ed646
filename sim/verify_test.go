package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/clock"
)

// faulty are designs whose outputs are tampered with.
var faulty = []struct{ name, hardware, layer string }{
	{"folds that do not divide", smallHardware,
		`{op: conv2d, in_channels: 9, out_channels: 15, groups: 3, kernel_size: 2, padding: 1, input: {batch: 2, height: 3, width: 4}}`},
	{"requantised", `{name: b, array: {pe: 3, simd: 1}, window: {style: parallel}, source: {random: 7}, sink: {every: 2}}`,
		`{op: conv2d, in_channels: 2, out_channels: 4, kernel_size: 3, requantize: {rule: shift, shift: 9}, input: {batch: 2, height: 5, width: 5}}`},
	{"float32", `{name: c, array: {pe: 1, simd: 2}, fifo: {depth: 0}}`,
		`{op: conv2d, in_channels: 3, out_channels: 2, kernel_size: 2, dtype: {input: float32, weight: float32}, input: {batch: 2, height: 3, width: 3}}`},
}

// TestEveryWrongOutputIsFound alters one output at a time. The mismatch names
// its index, both values, the stage, and the cycle in which a trace shows it
// leave; frames repeat images, so the last ones are wrong alone.
func TestEveryWrongOutputIsFound(t *testing.T) {
	t.Parallel()
	const frames = 3
	for _, c := range faulty {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hw, layer := parse(t, c.hardware, c.layer)
			d, data := mustLoad(t, hw, layer, layer.Batch)
			out, err := d.Run(context.Background(), data, frames, Options{Record: true})
			if err != nil || out.Wrong != nil {
				t.Fatal(err, out.Wrong)
			}
			leaves := departures(d, out.Records[slices.IndexFunc(out.Records, toSink)], frames)
			for i := range out.Output.Len() {
				want := element(out.Output, i)
				restore := alter(out, i)
				err := d.verify(context.Background(), data, frames, out)
				got := out.Wrong
				if err != nil || got == nil {
					t.Fatalf("output%v altered: %v, %v", out.Output.Coordinates(i), got, err)
				}
				stage := "array"
				if layer.Requantize != nil {
					stage = "requantize"
				}
				at := out.Output.Coordinates(i)
				expect := Mismatch{Against: "reference", Index: at, Want: want, Got: element(out.Output, i), Stage: stage,
					Cycle: leaves[fmt.Sprint(at)], Count: 1, Of: out.Output.Len()}
				if diff := cmp.Diff(expect, *got); diff != "" {
					t.Fatalf("mismatch (-want +got):\n%s", diff)
				}
				restore()
			}
		})
	}
}

func toSink(t clock.EdgeRecord) bool { return strings.HasSuffix(t.Name, ".sink") }

// alter changes output element i and returns what undoes it.
func alter(out *Outcome, i int) (restore func()) {
	switch v := out.Output.Data.(type) {
	case []int8:
		v[i] ^= 1
		return func() { v[i] ^= 1 }
	case []int32:
		v[i] ^= 1 << 20
		return func() { v[i] ^= 1 << 20 }
	case []float32:
		was := v[i]
		v[i] += 1
		return func() { v[i] = was }
	}
	panic(fmt.Sprintf("an output of %T", out.Output.Data))
}

// departures walks the output beats in their order and returns the cycle in
// which every element leaves, by its index.
func departures(d *Design, last clock.EdgeRecord, frames int) map[string]clock.Cycle {
	f, s := d.Fold, d.Fold.Shape
	leaves := map[string]clock.Cycle{}
	beat := int64(0)
	for n := range frames {
		for y := range s.OutHeight {
			for x := range s.OutWidth {
				for turn := range f.GroupFolds {
					for pass := range f.OutFolds {
						for array := range f.Array.GroupParallel {
							for row := range f.Array.PE {
								group, out := turn*f.Array.GroupParallel+array, pass*f.Array.PE+row
								if group < s.Groups && out < s.GroupOutChannels() {
									at := []int{n, group*s.GroupOutChannels() + out, y, x}
									leaves[fmt.Sprint(at)] = last.Out.Nth(beat)
								}
							}
						}
						beat++
					}
				}
			}
		}
	}
	return leaves
}

// TestWrongOperandsAreFound: a weight, a bias and a pixel that differ between
// pipeline and reference.
func TestWrongOperandsAreFound(t *testing.T) {
	hw, layer := parse(t, smallHardware,
		`{op: conv2d, in_channels: 4, out_channels: 6, groups: 2, kernel_size: 2, input: {height: 3, width: 3}}`)
	for _, c := range []struct {
		name  string
		harm  func(*Data)
		index []int
		count int
	}{
		{"weight of channel 4", func(d *Data) { d.Weight.Data.([]int8)[4*8+3] ^= 5 }, []int{0, 4, 0, 0}, 4},
		{"bias of channel 2", func(d *Data) { d.Bias.Data.([]int32)[2]++ }, []int{0, 2, 0, 0}, 4},
		{"pixel of the second group", func(d *Data) { d.Input.Data.([]int8)[2*9+8] ^= 1 }, []int{0, 3, 1, 1}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, data := mustLoad(t, hw, layer, 1)
			for i, w := range data.Weight.Data.([]int8) {
				data.Weight.Data.([]int8)[i] = w | 1 // no product is 0 whatever the pixel
			}
			x := data.Input.Data.([]int8)
			for i := range x {
				x[i] |= 2
			}
			out, err := d.Run(context.Background(), data, 1, Options{NoVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			c.harm(data)
			err = d.verify(context.Background(), data, 1, out)
			got := out.Wrong
			if err != nil || got == nil {
				t.Fatal(got, err)
			}
			if diff := cmp.Diff(c.index, got.Index); diff != "" || got.Count != c.count || got.Stage != "array" {
				t.Errorf("%v\nindex (-want +got):\n%s", got, diff)
			}
		})
	}
}

// TestBlame: sums that differ before requantisation are the arrays' fault.
func TestBlame(t *testing.T) {
	hw, layer := parse(t, faulty[1].hardware, faulty[1].layer)
	d, data := mustLoad(t, hw, layer, 2)
	sums := conv.ReferenceInt(d.Fold.Shape, d.Fold.Order(), d.Accumulator(), data.Input.Int32s(nil, 0, data.Input.Len()),
		d.weights(data), data.Bias.Int32s(nil, 0, data.Bias.Len())).Held
	for i, sum := range sums {
		if got := d.blame(context.Background(), data, 2, differences{first: i, sum: sum}); got != "requantize" {
			t.Fatalf("sum %d is right, blamed is the %s", i, got)
		}
		if got := d.blame(context.Background(), data, 2, differences{first: i, sum: sum + 1}); got != "array" {
			t.Fatalf("sum %d is wrong, blamed is the %s", i, got)
		}
	}
}

func TestMismatchText(t *testing.T) {
	m := Mismatch{Against: "reference", Index: []int{0, 1, 2, 3}, Want: "4", Got: "5", Stage: "array", Cycle: 67, Count: 8, Of: 90}
	want := "mismatch with the reference: output[0 1 2 3] is 5, want 4 (stage array; leaves in cycle 67); 8 of 90 elements differ"
	if got := m.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	m.Against, m.Stage = "expected output", ""
	if got := m.Error(); !strings.Contains(got, "the reference agrees with the pipeline") {
		t.Errorf("got %s", got)
	}
}

// TestPartsCoverTheOutput: the parts in which the reference is computed lie one
// after the other, none is beyond the budget but for single planes, and
// together they make what the whole layer makes.
func TestPartsCoverTheOutput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		layer, hw := drawLayer(t), drawHardware(t)
		if layer.DType.Input.IsFloat() || layer.Batch == 0 {
			t.Skip("one type is enough")
		}
		layer.Requantize = nil
		d, data := mustLoad(t, hw, layer, layer.Batch)
		s := d.Fold.Shape
		x, w := data.Input.Int32s(nil, 0, data.Input.Len()), d.weights(data)
		var bias []int32
		if data.Bias != nil {
			bias = data.Bias.Int32s(nil, 0, data.Bias.Len())
		}
		whole := conv.ReferenceInt(s, d.Fold.Order(), d.Accumulator(), x, w, bias).Held
		budget := rapid.Int64Range(1, 2*s.OutputElements()*work(s)).Draw(t, "budget")
		var got []int32
		for p := range parts(s, budget) {
			if work := p.shape.OutputElements() * work(s); work > budget && (p.shape.Batch > 1 || p.shape.OutChannels > 1) {
				t.Fatalf("%+v: %d work of %d", p, work, budget)
			}
			atX, atW, atBias, atY := p.places(s)
			if atY != len(got) {
				t.Fatalf("%+v begins at %d, not at %d", p, atY, len(got))
			}
			var b []int32
			if bias != nil {
				b = bias[atBias:][:p.shape.OutChannels]
			}
			got = append(got, conv.ReferenceInt(p.shape, d.Fold.Order(), d.Accumulator(),
				x[atX:][:p.shape.InputElements()], w[atW:][:p.shape.WeightElements()], b).Held...)
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Fatalf("mismatch (-whole +parts):\n%s", diff)
		}
	})
}
