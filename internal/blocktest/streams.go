package blocktest

import (
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// stream is that of an image whose channels fill whole beats.
func stream(e tensor.DType, h, w, channels, lanes int) sched.Stream {
	return sched.Stream{Elem: e, Lanes: lanes, Rows: int64(h), Pixels: int64(w), Beats: int64(channels / lanes)}
}

// drawStream draws a small image.
func drawStream(c Choice) sched.Stream {
	channels := between(c, 1, 6)
	return stream(elem(c), between(c, 1, 5), between(c, 1, 5), channels, divisor(c, channels))
}

// mapOf is a function that makes bytes of a stream.
func mapOf(c Choice, in sched.Stream) pe.Map {
	out := in
	out.Elem = tensor.Int8
	return pe.Map{In: in, Out: out, F: scalar.Clip{Lo: float64(-c.IntN(100)), Hi: float64(c.IntN(100))}}
}

// mapOfWords is a function of words of 16 bits that stand for floats, which never
// falls.
func mapOfWords(c Choice) pe.Map {
	in := drawStream(c)
	in.Elem = tensor.Int16
	out := in
	out.Elem = []tensor.DType{tensor.Int8, tensor.UInt8}[c.IntN(2)]
	lo, hi := out.Elem.Range()
	of := func(scale float64, lo, hi int64) scalar.Scale {
		return scalar.Scale{Scale: []float64{scale}, Zero: []float64{float64(c.IntN(3))}, Lo: float64(lo), Hi: float64(hi)}
	}
	f := []scalar.Function{scalar.Math{Name: "Sigmoid"}, scalar.Leaky{Slope: []float64{0.125}}, scalar.Relu{}}[c.IntN(3)]
	return pe.Map{In: in, Out: out, F: scalar.Chain{scalar.Dequantize{From: of(1.0/4096, 0, 0)}, f, scalar.Quantize{To: of(1.0/64, lo, hi)}}}
}

// join is a sum of several streams, or the greater or lesser of two.
func join(c Choice) Specimen {
	s := drawStream(c)
	n := between(c, 1, 3)
	var how scalar.Combination
	if chance(c, 30) {
		n, how = 2, scalar.Integer{Name: []string{"Max", "Min", "Mul", "Sub"}[c.IntN(4)]}
	}
	return Specimen{joinOf(s, n, how)}
}

func joinOf(s sched.Stream, n int, how scalar.Combination) wiring.Join {
	j := wiring.Join{Out: s, How: how}
	j.Out.Elem = tensor.Int32
	for range n {
		j.In = append(j.In, s)
	}
	return j
}

// parts are streams of one image's channels.
func parts(c Choice) []sched.Stream {
	s := drawStream(c)
	var list []sched.Stream
	for range between(c, 1, 3) {
		s.Beats = int64(between(c, 1, 3))
		list = append(list, s)
	}
	return list
}

// width is a converter of one width to a multiple, or to a part of it.
func width(c Choice) Specimen {
	narrow := drawStream(c)
	wide := narrow
	n := between(c, 2, 4)
	wide.Lanes *= n
	narrow.Beats *= int64(n)
	if chance(c, 50) {
		return Specimen{wiring.Width{In: narrow, Out: wide}}
	}
	return Specimen{wiring.Width{In: wide, Out: narrow}}
}

// batch reads pixels, rows or a frame in another order, or makes a single
// element of each.
func batch(c Choice) Specimen {
	in := drawStream(c)
	batches := []int64{1, in.Rows, in.Rows * in.Pixels}[c.IntN(3)]
	n := int(in.Frame() * int64(in.Lanes) / batches)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(c.IntN(n))
	}
	return Specimen{wiring.Batch{In: in, Out: in, Batches: batches, F: scalar.Gather{From: order}}}
}

// generic is a converter of any width to any other.
func generic(c Choice) Specimen {
	for {
		a, b := between(c, 1, 6), between(c, 1, 6)
		channels := a * b * between(c, 1, 2)
		in := stream(elem(c), between(c, 1, 3), between(c, 1, 3), channels, a)
		if out := stream(in.Elem, int(in.Rows), int(in.Pixels), channels, b); a != b {
			return Specimen{wiring.Width{In: in, Out: out, Style: wiring.Generic}}
		}
	}
}

// adapter is a converter that knows where frames end, of frames that fill their last
// beats or do not.
func adapter(c Choice) Specimen {
	n, e, narrow := between(c, 1, 30), elem(c), between(c, 1, 3)
	wide := narrow * between(c, 2, 4)
	beats := func(lanes int) sched.Stream {
		frame := (n + lanes - 1) / lanes
		return sched.Stream{Elem: e, Lanes: lanes, Rows: 1, Pixels: 1, Beats: int64(frame), Idle: int64(frame*lanes - n)}
	}
	a := wiring.Adapter{In: beats(narrow), Out: beats(wide), Elements: int64(n)}
	if chance(c, 50) {
		a.In, a.Out = a.Out, a.In
	}
	return Specimen{a}
}

// queued is a requantiser with a pipeline and credits.
func queued(c Choice) Specimen {
	r := *requantize()
	r.Fold = drawFold(c)
	r.Latency = []int{pe.ScaleLatency, pe.ThresholdLatency(255, false), between(c, 1, 8)}[c.IntN(3)]
	return Specimen{r}
}
