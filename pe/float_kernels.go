package pe

// The conversions of products to float32 are not idle: the language allows
// x*y + z to be fused into one rounding unless the product is converted.

// runOctet computes eight outputs of one vector side by side.
func (w *FloatWeights) runOctet(dst []float32, octet [][8]float32, x []float32) {
	var acc [8]float32
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		sum := dotOctet(octet[from:from+real], x[from:from+real])
		for i := range acc {
			acc[i] += sum[i]
		}
	}
	copy(dst, acc[:])
}

// dotOctet is one beat of eight outputs.
func dotOctet(octet [][8]float32, x []float32) [8]float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	octet = octet[:len(x)]
	for e, v := range x {
		q := &octet[e]
		s0 += float32(v * q[0])
		s1 += float32(v * q[1])
		s2 += float32(v * q[2])
		s3 += float32(v * q[3])
		s4 += float32(v * q[4])
		s5 += float32(v * q[5])
		s6 += float32(v * q[6])
		s7 += float32(v * q[7])
	}
	return [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

// runFour computes one output of four consecutive vectors side by side.
func (w *FloatWeights) runFour(row, x []float32) (acc [4]float32) {
	n := len(row)
	x0, x1, x2, x3 := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:4*n]
	for beat, real := range w.beats.Real {
		from := beat * w.beats.Lanes
		var s0, s1, s2, s3 float32
		for e := from; e < from+real; e++ {
			s0 += float32(x0[e] * row[e])
			s1 += float32(x1[e] * row[e])
			s2 += float32(x2[e] * row[e])
			s3 += float32(x3[e] * row[e])
		}
		acc[0] += s0
		acc[1] += s1
		acc[2] += s2
		acc[3] += s3
	}
	return acc
}

// runOne computes one output of one vector.
func (w *FloatWeights) runOne(row, x []float32) (acc float32) {
	for beat, real := range w.beats.Real {
		var sum float32
		for e := beat * w.beats.Lanes; e < beat*w.beats.Lanes+real; e++ {
			sum += float32(x[e] * row[e])
		}
		acc += sum
	}
	return acc
}
