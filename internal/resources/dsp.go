package resources

import (
	"fmt"
	"math"
)

// Packs reports whether a slice makes two products at once, both with the same input
// of so many bits: the weights stand in its wide operand, as far apart as the lower
// product is long, and the upper one has a bit more for what the lower one borrows.
//
// Source: finn-rtllib/mvu/mvu_8sx8u_dsp48.sv; the emitted convsim_pair. A DSP58 sums
// products of its own instead.
func (k DSPKind) Packs(weightBits, inputBits int) bool {
	p := multiplierPorts[k]
	return (k == DSP48E1 || k == DSP48E2) && inputBits+2*weightBits+1 <= p.wide && inputBits < p.narrow
}

// sharing returns how many output channels share the multipliers of an array.
func (a Array) sharing(kind DSPKind) int {
	if a.Packing > 1 && !a.PrivateInput && kind.Packs(a.WeightBits, a.InputBits) {
		return a.Packing
	}
	return 1
}

// multiplierDSP returns the slices of one full a x b bit multiplication,
// operands placed the better way round; 0 for LUTMult.
//
// Source: fpgaConvNet, ceil(a/18)*ceil(b/27), with the ports of each slice.
func multiplierDSP(kind DSPKind, a, b int) int {
	if kind == LUTMult {
		return 0
	}
	p := multiplierPorts[kind]
	return min(ceilDiv(a, p.narrow)*ceilDiv(b, p.wide), ceilDiv(b, p.narrow)*ceilDiv(a, p.wide))
}

// usesDot says whether the array is made of DSP58 in INT8 dot-product mode:
// three products summed in the slice, slices of one PE cascaded.
//
// Source: finn-rtllib/mvu/mvu_vvu_8sx9_dsp58.sv. FINN's RTL has a four-lane
// core for 4-bit operands on DSP58 too, but its estimate counts this one.
func usesDot(kind DSPKind, weightBits, inputBits int) bool {
	return kind == DSP58 && weightBits <= dotWeightBits && inputBits <= dotInputBits
}

// arrayDSP returns the slices of one PE x SIMD array.
//
// Source: FINN dsp_estimation, P*ceil(Q/3) on DSP58; on DSP48 a slice for every lane or pair
// of lanes.
func arrayDSP(kind DSPKind, a Array) int {
	if usesDot(kind, a.WeightBits, a.InputBits) {
		return a.PE * ceilDiv(a.SIMD, dotLanes)
	}
	if kind == DSP58 {
		return a.PE * a.SIMD * multiplierDSP(kind, a.WeightBits, a.InputBits)
	}
	return ceilDiv(a.PE, a.sharing(kind)) * a.SIMD * multiplierDSP(kind, a.WeightBits, a.InputBits)
}

// segmentLength returns how many DSP58 of a cascade of chain slices fit into
// one clock period before a register is needed; 0 if not even one does.
//
// Source: FINN _resolve_segment_len.
func segmentLength(chain int, clockMHz float64) int {
	period := 1000 / clockMHz
	if period <= dsp58FirstNs {
		return 0
	}
	fitting := math.Floor((period-dsp58FirstNs)/dsp58NextNs + 1)
	return int(min(fitting, float64(chain)))
}

// tooSlow says where a cascade of DSP58 slices has fewer registers than the clock
// asks for, and the latency that brings them.
func (a Array) tooSlow(d Device) string {
	if !usesDot(d.DSP, a.WeightBits, a.InputBits) {
		return ""
	}
	chain := ceilDiv(a.SIMD, dotLanes)
	need := ceilDiv(chain, segmentLength(chain, d.ClockMHz))
	if need <= a.segments() {
		return ""
	}
	return fmt.Sprintf("a cascade of %d %s slices sums in %d cycles at %g MHz: array.latency: %d gives it these",
		chain, DSP58, need, d.ClockMHz, dotLatency+need-1)
}

// segmentDelayFF returns the registers that hold back the operands of the
// later ones of so many segments of a DSP58 cascade: segment s (from 0) by s
// cycles. operandBits are the bits that go with one SIMD lane, over all PEs.
//
// Source: counted from finn-rtllib/mvu/mvu_vvu_8sx9_dsp58.sv.
func segmentDelayFF(simd, segments, operandBits int) int {
	total, chain := 0, ceilDiv(simd, dotLanes)
	for slice := range chain {
		total += slice * segments / chain * min(dotLanes, simd-slice*dotLanes)
	}
	return total * operandBits
}
