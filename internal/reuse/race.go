//go:build race

package reuse

// careless says that memory is full of what nobody expects, so that tests find who does not
// write what it reads.
const careless = true
