package resources

import "testing"

func TestPacking(t *testing.T) {
	for _, tc := range []struct {
		name          string
		weight, input int
		private       bool
		want          int
	}{
		{"4 x 4 bit: four", 4, 4, false, 4},
		{"2 x 4 bit: four", 2, 4, false, 4},
		{"5 x 4 bit: two", 5, 4, false, 2},
		{"4 x 8 bit: two", 4, 8, false, 2},
		{"8 x 8 bit: two", 8, 8, false, 2},
		{"8 x 9 bit: one", 8, 9, false, 1},
		{"16 x 16 bit: one", 16, 16, false, 1},
		{"4 x 4 bit, nothing shared: one", 4, 4, true, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := packing(tc.weight, tc.input, tc.private); got != tc.want {
				t.Errorf("packing(%d, %d, %t) = %d, want %d", tc.weight, tc.input, tc.private, got, tc.want)
			}
		})
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
		{"4 bit in fours", DSP48E2, 5, 3, 4, 4, false, 2 * 3},
		{"FINN ceil(P/4)*Q", DSP48E1, 16, 8, 4, 4, false, 4 * 8},
		{"depthwise does not pack", DSP48E2, 16, 9, 8, 8, true, 16 * 9},
		{"16 bit", DSP48E2, 4, 4, 16, 16, false, 16},
		{"wider than 18 x 27 takes two", DSP48E2, 4, 4, 20, 20, false, 32},
		{"FINN P*ceil(Q/3)", DSP58, 4, 16, 8, 8, false, 4 * 6},
		{"dot product needs nothing shared", DSP58, 4, 9, 8, 9, true, 4 * 3},
		{"too wide for the dot product", DSP58, 4, 16, 8, 10, false, 64},
		{"LUTs only", LUTMult, 16, 16, 8, 8, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := Array{PE: tc.pe, SIMD: tc.simd, WeightBits: tc.weight, InputBits: tc.input, PrivateInput: tc.private}
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
		name                   string
		simd, segment, operand int
		want                   int
	}{
		{"one segment", 24, 8, 10, 0},
		{"one lane too many", 25, 8, 10, 1 * 1 * 10},
		{"24 + 24 + 16 lanes", 64, 8, 10, (1*24 + 2*16) * 10},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := segmentDelayFF(tc.simd, tc.segment, tc.operand); got != tc.want {
				t.Errorf("segmentDelayFF = %d, want %d", got, tc.want)
			}
		})
	}
}

func TestLatency(t *testing.T) {
	for _, tc := range []struct {
		name string
		kind DSPKind
		simd int
		mhz  float64
		want int
	}{
		{"dsp48 tree of 16", DSP48E2, 16, 200, 3 + 4 + 1},
		{"dsp48 tree of 9", DSP48E1, 9, 200, 3 + 4 + 1},
		{"dsp48 without a tree", DSP48E2, 1, 200, 3 + 0 + 1 + 1},
		{"LUTs as dsp48", LUTMult, 4, 200, 3 + 2 + 1},
		{"dsp58 in one segment", DSP58, 24, 200, 3},
		{"dsp58 in three segments", DSP58, 64, 200, 3 + 2}, // 22 slices, 8 at a time
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := Array{PE: 1, SIMD: tc.simd, WeightBits: 8, InputBits: 8}
			if got := latency(tc.kind, tc.mhz, a); got != tc.want {
				t.Errorf("latency = %d, want %d", got, tc.want)
			}
		})
	}
}
