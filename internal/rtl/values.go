package rtl

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/convsim/convsim/pe"
)

// numbers reads a list of numbers between two others, separated by blanks.
func (r *row) numbers(column string, within pe.Span) []int64 {
	var list []int64
	for _, s := range strings.Fields(r.text(column)) {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v < within.Min || v > within.Max {
			r.fail(fmt.Errorf("column %s: %q is not a whole number in %s", column, s, within))
			return nil
		}
		list = append(list, v)
	}
	return list
}

// integers is the span of so many bits.
func integers(bits int, signed bool) pe.Span {
	if signed {
		return pe.Signed(bits)
	}
	return pe.Span{Max: 1<<bits - 1}
}

// bits reads a width.
func (r *row) bits(column string) int {
	n := r.size(column)
	if n > 32 {
		r.fail(fmt.Errorf("column %s: %d bits; allowed: 1 to 32", column, n))
		return 1
	}
	return n
}

func runThresholdValues(r *row) (map[string]string, error) {
	signed := r.int("signed") == 1
	compared := integers(r.bits("thr_bits"), signed)
	x := r.numbers("x", integers(min(r.bits("in_bits"), 31+r.int("signed")), signed))
	steps := r.numbers("thresholds", compared)
	bias, err := strconv.ParseInt(r.text("bias"), 10, 32)
	if err != nil {
		r.fail(fmt.Errorf("column bias: %w", err))
	}
	if n := r.size("n_thresholds"); n != len(steps) {
		r.fail(fmt.Errorf("column thresholds: %d numbers; want %d", len(steps), n))
	}
	out := integers(min(r.bits("out_bits"), 31), bias < 0)
	if r.err != nil {
		return nil, r.err
	}
	q, err := pe.NewThresholds(pe.Thresholds{Steps: [][]int64{steps}, Range: compared, Bias: bias}, 1, pe.Output{Range: out, ZeroPoint: 0})
	if err != nil {
		return nil, err
	}
	return applied(q, x), nil
}

func runScaleValues(r *row) (map[string]string, error) {
	x := r.numbers("x", pe.Signed(r.bits("in_bits")))
	out := integers(min(r.bits("out_bits"), 31), false)
	scale, bias := r.float("scale_f32"), r.float("bias_f32")
	if r.err != nil {
		return nil, r.err
	}
	q, err := pe.NewScaleBias(pe.ScaleBias{Scale: []float32{scale}, Bias: []float32{bias}}, 1, pe.Output{Range: out})
	if err != nil {
		return nil, err
	}
	return applied(q, x), nil
}

// float reads a float32 by its bits.
func (r *row) float(column string) float32 {
	v, err := strconv.ParseUint(r.text(column), 16, 32)
	if err != nil {
		r.fail(fmt.Errorf("column %s: %w", column, err))
	}
	return math.Float32frombits(uint32(v))
}

// applied is the column of what becomes of x.
func applied(q pe.Requantizer, x []int64) map[string]string {
	sums, words := make([]int32, len(x)), make([]string, len(x))
	for i, v := range x {
		sums[i] = int32(v)
	}
	q.Apply(sums, sums, 0, 1)
	for i, v := range sums {
		words[i] = strconv.Itoa(int(v))
	}
	return map[string]string{"y": strings.Join(words, " ")}
}
