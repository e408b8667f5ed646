package network

// Gemm is Alpha*a*b + Beta*c: inputs a and b, matrices, and optionally c, which is
// broadcast.
type Gemm struct {
	Alpha, Beta    float32
	TransA, TransB bool
}

// MatMul is NumPy's matmul of floats: inputs a, b.
type MatMul struct{}

// MatMulInteger is a matmul of integers into int32: inputs a, b. Zero points
// are one, or one a row of a and one a column of b.
type MatMulInteger struct{ AZero, BZero []int32 }

// QLinearMatMul is a matmul of integers with requantised results: inputs a, b.
// A has one scale or one a row, B one or one a column.
type QLinearMatMul struct{ A, B, Y Quant }

// QGemm is com.microsoft's Gemm of integers: inputs a, b and optionally an int32 c
// with the scale Alpha times those of A and B. B has one scale or one a column of
// the product. Y has one scale; without any the results are float32.
type QGemm struct {
	Alpha          float32
	TransA, TransB bool
	A, B, Y        Quant
	Clamp          *Clamp
}
