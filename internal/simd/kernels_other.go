//go:build !amd64 || noasm

package simd

// best is what other processors have.
func best() kernels { return portable }

func all() []kernels { return []kernels{portable} }
