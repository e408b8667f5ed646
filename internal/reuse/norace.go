//go:build !race

package reuse

const careless = false
