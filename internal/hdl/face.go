package hdl

import (
	"fmt"
	"math"
	"strings"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
)

// Constants are the tensors a block keeps, by name.
type Constants = map[string]*tensor.Tensor

// Built is the face of a block that hardware needs.
type Built interface {
	pipeline.Block
	// Module says what hardware the block is, with the constants it keeps. The
	// error says what about it has none.
	Module(c Constants) (Module, error)
}

// Module is an instance of a module of the library.
type Module struct {
	Name       string // of the library: "convsim_pad"
	Parameters []Parameter
	Memories   []Memory
	Style      Style
	// Channels of a pixel by beat and lane at the inputs and outputs, -1 where a
	// lane is idle; nil: in order, none idle. A longer list is of several pixels,
	// whose elements are counted as one.
	In, Out []int
	Beside  []int // those at the second input
	// Slots are, by output of the module, the block's, -1 where it has none; nil: the
	// same ones.
	Slots []int
}

// Parameter is a parameter and its value, as SystemVerilog writes it.
type Parameter struct{ Name, Value string }

// Memory is a memory that is loaded from a file.
type Memory struct {
	Parameter string   // that names the file
	Name      string   // what it holds: "weights"
	Words     []string // hexadecimal, of one length
}

// Style is how the ports of a module are named.
type Style uint8

// The styles.
const (
	Chain  Style = iota // s and m
	Forked              // s and all m in vectors; data goes past the module
	Parted              // s and all m in vectors, data too
	Joined              // a, b and m
	Merged              // all s in vectors, and m
)

// Int adds a parameter.
func (m *Module) Int(name string, value int) {
	m.Parameters = append(m.Parameters, Parameter{name, fmt.Sprint(value)})
}

// Flag adds a parameter that is 1 or 0.
func (m *Module) Flag(name string, set bool) {
	m.Int(name, bit(set))
}

// Bits adds a parameter of so many bits, given in hexadecimal.
func (m *Module) Bits(name string, width int, hex string) {
	m.Parameters = append(m.Parameters, Parameter{name, fmt.Sprintf("%d'h%s", width, hex)})
}

// Lanes adds a parameter that is a beat of so many elements of one value.
func (m *Module) Lanes(name string, lanes int, elem tensor.DType, value float64) {
	bits := elem.Bits()
	w := NewWord(bits)
	w.Put(BitsOf(elem, value), bits)
	m.Parameters = append(m.Parameters, Parameter{name, fmt.Sprintf("{%d{%d'h%s}}", lanes, bits, w.Hex())})
}

// BitsOf are the bits of an element of a type.
func BitsOf(elem tensor.DType, v float64) int64 {
	if elem == tensor.Float32 {
		return int64(math.Float32bits(float32(v)))
	}
	return int64(v)
}

// Elements adds the width of elements and whether they have a sign.
func (m *Module) Elements(bits, sign string, elem tensor.DType) {
	m.Int(bits, elem.Bits())
	m.Flag(sign, Signed(elem))
}

// Signed reports whether a type has numbers below 0.
func Signed(t tensor.DType) bool {
	if t.IsFloat() {
		return true
	}
	lo, _ := t.Range()
	return lo < 0
}

// Load adds a memory.
func (m *Module) Load(parameter, name string, words []string) {
	m.Memories = append(m.Memories, Memory{parameter, name, words})
}

// Text is the file of a memory.
func (m Memory) Text() string { return strings.Join(m.Words, "\n") + "\n" }

// Integers refuses elements that no integer arithmetic has.
func Integers(types ...tensor.DType) error {
	for _, t := range types {
		if t.IsFloat() {
			return fmt.Errorf("elements of %s; allowed: integers", t)
		}
	}
	return nil
}
