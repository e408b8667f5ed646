package hdl

import (
	"fmt"
	"strings"
)

// Word is a word of a memory or a beat, filled from bit 0 up.
type Word struct {
	bits  []uint64
	width int // in bits
	at    int // next bit
}

// NewWord makes a word of so many bits, all 0.
func NewWord(width int) *Word { return &Word{bits: make([]uint64, (width+63)/64), width: width} }

// Put puts the low bits of a value behind those that are there.
func (w *Word) Put(value int64, bits int) {
	if w.at+bits > w.width {
		panic(fmt.Sprintf("hdl: %d bits at bit %d of a word of %d", bits, w.at, w.width))
	}
	v := uint64(value)
	if bits < 64 {
		v &= 1<<bits - 1
	}
	i, shift := w.at/64, w.at%64
	w.at += bits
	if bits == 0 {
		return
	}
	w.bits[i] |= v << shift
	if shift+bits > 64 {
		w.bits[i+1] |= v >> (64 - shift)
	}
}

// Skip leaves bits at 0.
func (w *Word) Skip(bits int) { w.at += bits }

// Hex is the word in hexadecimal, all digits of its width.
func (w *Word) Hex() string {
	var b strings.Builder
	for i := (w.width+3)/4 - 1; i >= 0; i-- {
		b.WriteByte("0123456789abcdef"[w.bits[i/16]>>(i%16*4)&15])
	}
	return b.String()
}
