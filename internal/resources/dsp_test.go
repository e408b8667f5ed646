package resources

import "testing"

func TestPacks(t *testing.T) {
	for _, tc := range []struct {
		kind          DSPKind
		weight, input int
		want          bool
	}{
		{DSP48E2, 8, 8, true},
		{DSP48E1, 8, 8, true},
		{DSP48E2, 9, 8, true}, // weights less a zero point
		{DSP48E1, 9, 8, false},
		{DSP48E2, 4, 16, true},
		{DSP48E2, 5, 17, false}, // no room for a sign beside an input without one
		{DSP48E2, 8, 16, false},
		{DSP48E2, 4, 4, true},
		{DSP58, 8, 8, false},
		{LUTMult, 8, 8, false},
	} {
		if got := tc.kind.Packs(tc.weight, tc.input); got != tc.want {
			t.Errorf("%s, %d bits of weights and %d of inputs: %t, want %t", tc.kind, tc.weight, tc.input, got, tc.want)
		}
	}
}

func TestMultiplierDSP(t *testing.T) {
	for _, tc := range []struct {
		kind DSPKind
		a, b int
		want int
	}{
		{DSP48E2, 18, 27, 1},
		{DSP48E2, 27, 18, 1},
		{DSP48E2, 19, 27, 2},
		{DSP48E2, 28, 18, 2},
		{DSP48E2, 32, 24, 2}, // a requantiser lane: 2*1, not 2*2
		{DSP48E2, 32, 32, 4},
		{DSP48E1, 25, 18, 1},
		{DSP48E1, 27, 18, 2},
		{DSP48E1, 32, 24, 2},
		{DSP58, 27, 24, 1},
		{DSP58, 32, 24, 2},
		{DSP58, 32, 32, 4},
		{LUTMult, 32, 32, 0},
	} {
		if got := multiplierDSP(tc.kind, tc.a, tc.b); got != tc.want {
			t.Errorf("multiplierDSP(%s, %d, %d) = %d, want %d", tc.kind, tc.a, tc.b, got, tc.want)
		}
	}
}

func TestArrayDSP(t *testing.T) {
	for _, tc := range []struct {
		name                    string
		kind                    DSPKind
		pe, simd, weight, input int
		private                 bool
		want                    int
	}{
		{"8 bit in pairs", DSP48E2, 16, 16, 8, 8, false, 8 * 16},
		{"odd PE leaves half a slice idle", DSP48E2, 5, 3, 8, 8, false, 3 * 3},
		{"4 bit in pairs, too", DSP48E1, 5, 3, 4, 4, false, 3 * 3},
		{"depthwise does not pack", DSP48E2, 16, 9, 8, 8, true, 16 * 9},
		{"16 bit", DSP48E2, 4, 4, 16, 16, false, 16},
		{"wider than 18 x 27 takes two", DSP48E2, 4, 4, 20, 20, false, 32},
		{"FINN P*ceil(Q/3)", DSP58, 4, 16, 8, 8, false, 4 * 6},
		{"dot product needs nothing shared", DSP58, 4, 9, 8, 9, true, 4 * 3},
		{"too wide for the dot product", DSP58, 4, 16, 8, 10, false, 64},
		{"not asked for", DSP48E2, 16, 16, 8, 8, false, 256},
		{"LUTs only", LUTMult, 16, 16, 8, 8, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := Array{PE: tc.pe, SIMD: tc.simd, WeightBits: tc.weight, InputBits: tc.input, PrivateInput: tc.private, Packing: 2}
			if tc.name == "not asked for" {
				a.Packing = 1
			}
			if got := arrayDSP(tc.kind, a); got != tc.want {
				t.Errorf("arrayDSP = %d, want %d", got, tc.want)
			}
		})
	}
}

func TestSegmentLength(t *testing.T) {
	for _, tc := range []struct {
		chain int
		mhz   float64
		want  int
	}{
		{20, 100, 16}, // (10-0.741)/0.605+1 = 16.3
		{20, 200, 8},  // (5-0.741)/0.605+1 = 8.04
		{3, 200, 3},   // no longer than the cascade
		{20, 1000, 1}, // (1-0.741)/0.605+1 = 1.4
		{20, 1400, 0}, // 0.714 ns is too short for one
	} {
		if got := segmentLength(tc.chain, tc.mhz); got != tc.want {
			t.Errorf("segmentLength(%d, %v MHz) = %d, want %d", tc.chain, tc.mhz, got, tc.want)
		}
	}
}

func TestSegmentDelayFF(t *testing.T) {
	for _, tc := range []struct {
		name                    string
		simd, segments, operand int
		want                    int
	}{
		{"one segment", 24, 1, 10, 0},
		{"15 and 10 lanes", 25, 2, 10, 10 * 10},
		{"24 + 21 + 19 lanes", 64, 3, 10, (1*21 + 2*19) * 10},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := segmentDelayFF(tc.simd, tc.segments, tc.operand); got != tc.want {
				t.Errorf("segmentDelayFF = %d, want %d", got, tc.want)
			}
		})
	}
}

// The depths of FINN's cores, from the text that goes with the measurements.
func TestArrayLatency(t *testing.T) {
	for _, tc := range []struct {
		kind       DSPKind
		simd, want int
	}{
		{DSP48E2, 1, 5}, {DSP48E2, 2, 5}, {DSP48E1, 3, 6}, {DSP48E2, 4, 6}, {DSP48E2, 5, 7}, {DSP48E1, 8, 7},
		{DSP48E2, 9, 8}, {DSP48E2, 16, 8}, {DSP48E2, 17, 9}, {DSP48E1, 32, 9},
		{DSP58, 1, 3}, {DSP58, 144, 3},
		{LUTMult, 1, 2}, {LUTMult, 64, 2},
	} {
		if got := tc.kind.ArrayLatency(tc.simd); got != tc.want {
			t.Errorf("%s with SIMD %d: %d, want %d", tc.kind, tc.simd, got, tc.want)
		}
	}
}

func TestLatencyStated(t *testing.T) {
	a := Array{PE: 1, SIMD: 64, WeightBits: 8, InputBits: 8}
	for _, tc := range []struct {
		kind                           DSPKind
		stated, latency, tree, segment int
	}{
		{DSP48E2, 0, 10, 6, 0},
		{DSP48E2, 3, 3, 1, 0},
		{DSP48E2, 7, 7, 5, 0},
		{DSP48E2, 40, 40, 6, 0},
		{LUTMult, 0, 2, 1, 0},
		{LUTMult, 5, 5, 3, 0},
		{DSP58, 0, 3, 1, 1},
		{DSP58, 1, 1, 0, 1},
		{DSP58, 6, 6, 4, 4},
		{DSP58, 60, 60, 6, 22},
	} {
		a.Latency = tc.stated
		if got := a.latency(tc.kind); got != tc.latency {
			t.Errorf("%s, %d stated: latency %d, want %d", tc.kind, tc.stated, got, tc.latency)
		}
		if got, _ := a.treeRegisters(tc.kind); got != tc.tree {
			t.Errorf("%s, %d stated: %d levels of registers, want %d", tc.kind, tc.stated, got, tc.tree)
		}
		if got := a.segments(); tc.kind == DSP58 && got != tc.segment {
			t.Errorf("%s, %d stated: %d segments, want %d", tc.kind, tc.stated, got, tc.segment)
		}
	}
}

func TestTooSlow(t *testing.T) {
	d := example()
	d.Multiplier, d.ClockMHz = DSP58, 600 // 6 slices, 2 at a time
	want := "a cascade of 6 dsp58 slices sums in 3 cycles at 600 MHz: array.latency: 5 gives it these"
	if f := Fits(estimate(d), Board{DSPKind: DSP58, ClockMHz: 700}); len(f.Warnings) != 1 || f.Warnings[0] != want {
		t.Errorf("warnings %q, want %q", f.Warnings, want)
	}
	d.Array.Latency = 5
	if f := Fits(estimate(d), Board{DSPKind: DSP58, ClockMHz: 700}); f.Warnings != nil {
		t.Errorf("with the latency it says: %q", f.Warnings)
	}
}
