package pe

import (
	"math"
	"math/big"
)

// ScaleBias is the requantisation of FINN's newest core: floor(x*Scale + Bias +
// 1/2), in fixed point with as many fractional bits as the scale's mantissa
// has. One value each, or one a channel.
type ScaleBias struct{ Scale, Bias []float32 }

// fixed is a scale and a bias in fixed point, and half of one.
type fixed struct {
	scale, bias *big.Int
	bits        uint // fractional
}

// fixedOf converts; the bias is cut off towards zero.
func fixedOf(scale, bias float32) fixed {
	const mantissa = 24
	fraction, exponent := math.Frexp(float64(scale))
	f := fixed{bits: uint(max(0, mantissa-exponent))}
	f.scale = big.NewInt(int64(math.Ldexp(fraction, mantissa)))
	f.scale.Lsh(f.scale, uint(max(0, exponent-mantissa)))
	exact := new(big.Float).SetMantExp(new(big.Float).SetFloat64(float64(bias)), int(f.bits))
	f.bias, _ = exact.Int(nil)
	if f.bits > 0 {
		f.bias.Add(f.bias, new(big.Int).Lsh(big.NewInt(1), f.bits-1))
	}
	return f
}

// NewScaleBias makes what scales a layer of so many channels.
func NewScaleBias(s ScaleBias, channels int, out Output) (Requantizer, error) {
	var c checks
	c.count("scale", len(s.Scale), channels)
	c.count("bias", len(s.Bias), channels)
	for i, list := range [][]float32{s.Scale, s.Bias} {
		for _, v := range list {
			finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
			c.add(finite, []string{"scale", "bias"}[i], v, "finite numbers")
		}
	}
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	scales, biases := spread(s.Scale, channels), spread(s.Bias, channels)
	all := make([]fixed, channels)
	for i := range all {
		all[i] = fixedOf(scales[i], biases[i])
	}
	rule := func(acc int32, p fixed) int64 {
		y := new(big.Int).Mul(big.NewInt(int64(acc)), p.scale)
		y.Rsh(y.Add(y, p.bias), p.bits)
		const most = 1 << 40 // far beyond any activation
		if !y.IsInt64() || y.Int64() > most || y.Int64() < -most {
			return int64(y.Sign()) * most
		}
		return y.Int64()
	}
	return &table[fixed]{parameters: all, rule: rule, out: out}, nil
}
