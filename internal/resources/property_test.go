package resources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyDesign draws a legal design.
func anyDesign(t *rapid.T) design {
	number := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	style := func(name string) RAMStyle { return rapid.SampledFrom(RAMStyles()).Draw(t, name) }
	a := Array{
		PE: number("PE", 1, 64), SIMD: number("SIMD", 1, 64), GroupParallel: number("arrays", 1, 16),
		SF: number("SF", 1, 100), NF: number("NF", 1, 16), GroupFolds: number("group folds", 1, 8),
		WeightBits: number("weight bits", 1, 32), InputBits: number("input bits", 1, 32),
		AccumulatorBits: number("accumulator bits", 8, 64), Latency: number("latency", 0, 20),
		Packing: number("packing", 1, 2), Bias: rapid.Bool().Draw(t, "bias"), SignedInput: rapid.Bool().Draw(t, "signed"), PrivateInput: rapid.Bool().Draw(t, "private"),
	}
	return design{
		Multiplier: rapid.SampledFrom(DSPKinds()).Draw(t, "multiplier"),
		ClockMHz:   rapid.Float64Range(10, 1000).Draw(t, "clock"),
		Pad:        &Pad{BeatBits: number("beat", 1, 512), Counts: []int{number("row", 1, 1<<10), number("rows", 1, 1<<10)}},
		Window: &Window{Buffers: []Buffer{{
			Name: "rows", Depth: number("rows", 0, 20000), WidthBits: number("row width", 0, 512),
			Kind: rapid.SampledFrom(BufferKinds()).Draw(t, "kind"), Style: style("row style"),
		}}, Beats: number("window beats", 1, 1<<20), Depth: number("ring", 0, 20000), Counts: []int{number("counted", 1, 100)}},
		Array:   a,
		Weights: a.WeightMemory(style("weight style")),
		Requantize: &Requantize{
			Rule: rapid.SampledFrom(RequantizeRules()).Draw(t, "rule"), Lanes: number("lanes", 1, 64),
			InputBits: number("in", 1, 32), OutputBits: number("out", 1, 16), Signed: rapid.Bool().Draw(t, "sign"), Adds: rapid.Bool().Draw(t, "adds"),
			Shift: number("shift", 0, 55), Lift: number("lift", 0, 40), Left: number("left", 0, 30), ParamWords: number("params", 0, 512), Latency: number("stages", 0, 20),
		},
		FIFOs: []namedFIFO{{"a.b", FIFO{Depth: number("fifo", 0, 2000), WidthBits: number("fifo width", 1, 512), Style: style("fifo style")}}},
	}
}

func TestMoreParallelismNeverFewerDSPs(t *testing.T) {
	for name, grow := range map[string]func(*Array){
		"PE":             func(a *Array) { a.PE++ },
		"SIMD":           func(a *Array) { a.SIMD++ },
		"group parallel": func(a *Array) { a.GroupParallel++ },
		"weight bits":    func(a *Array) { a.WeightBits++ },
		"input bits":     func(a *Array) { a.InputBits++ },
		"private inputs": func(a *Array) { a.PrivateInput = true },
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				small := anyDesign(t)
				large := small
				grow(&large.Array)
				if s, l := estimate(small).Total.DSP, estimate(large).Total.DSP; l < s {
					t.Fatalf("%d DSPs, with more %s %d", s, name, l)
				}
			})
		})
	}
}

func TestMoreLanesNeverFewerLUTsOrRegisters(t *testing.T) {
	for name, grow := range map[string]func(*Array){
		"PE": func(a *Array) { a.PE++ },
		// A product without a partner goes past the levels of the tree by shift registers, so
		// one lane more may be a LUT less; twice the lanes never are.
		"SIMD":           func(a *Array) { a.SIMD *= 2 },
		"group parallel": func(a *Array) { a.GroupParallel++ },
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := anyDesign(t)
				if name == "SIMD" {
					d.Array.Latency = 0 // a latency stated leaves a deeper tree levels without registers
				}
				small, large := d.Array, d.Array
				grow(&large)
				s, l := small.Cost(d.device()), large.Cost(d.device())
				if l.LUT < s.LUT || l.FF < s.FF {
					t.Fatalf("%+v, with more %s %+v", s, name, l)
				}
			})
		})
	}
}

func TestEachDSPDoesAtMostWhatItsCoreCan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDesign(t)
		products := d.Array.PE * d.Array.SIMD
		n := arrayDSP(d.Multiplier, d.Array)
		if d.Multiplier != LUTMult && n*dotLanes < products {
			t.Fatalf("%d DSPs for %d products", n, products)
		}
	})
}

func TestTotalIsTheSumOfItsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDesign(t)
		r := estimate(d)
		var sum Amount
		for _, row := range r.Rows {
			sum = sum.Plus(row.Amount)
			for _, resource := range Resources() {
				if row.Of(resource) < 0 {
					t.Fatalf("%s: %d %s", row.Stage, row.Of(resource), resource)
				}
			}
		}
		if diff := cmp.Diff(sum, r.Total); diff != "" {
			t.Fatalf("(-sum +total)\n%s", diff)
		}
		if diff := cmp.Diff(r, estimate(d)); diff != "" {
			t.Fatalf("second estimate differs\n%s", diff)
		}
	})
}

func TestNoDSPWithoutDSPs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDesign(t)
		d.Multiplier = LUTMult
		if n := estimate(d).Total.DSP; n != 0 {
			t.Fatalf("%d DSPs of a design in LUTs", n)
		}
	})
}
