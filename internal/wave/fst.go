package wave

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// The kinds of sections of an FST file: a kind, the length of what follows, that.
const (
	fstHeader    = 0
	fstGeometry  = 3
	fstHierarchy = 4
	fstChanges   = 8
)

// FST writes GTKWave's Fast Signal Trace: changes by signal in compressed blocks, then
// how wide signals are and what they are called. The format is what fstapi.c of GTKWave
// reads. Words are numbers, with a table of what they mean.
type FST struct {
	w       *bufio.Writer
	sigs    []Signal
	words   map[string][]byte // the bits of a word of a table, by table and word
	tables  []string          // by signal: the name of its table, "" for none
	block   block
	comment string
	most    int // bytes of changes that a block may hold
}

// fstBlock is how many bytes of changes a block holds, about.
const fstBlock = 1 << 22

// NewFST writes the head of a trace of the cycles from first to end.
func NewFST(w io.Writer, comment string, signals []Signal, first, end int64) *FST {
	f := &FST{w: bufio.NewWriter(w), sigs: signals, comment: comment, most: fstBlock}
	f.block = newBlock(signals, first)
	f.table()
	f.header(first, end)
	return f
}

// header writes the first section. How many blocks will follow is not known yet: it says
// none, as of a file that is being written, and readers count them.
func (f *FST) header(first, end int64) {
	h := be(nil, uint64(first), uint64(end))
	h = binary.NativeEndian.AppendUint64(h, math.Float64bits(math.E)) // how doubles would be written
	counted := &counter{}
	walk(f.sigs, counted)
	h = be(h, fstBlock, uint64(counted.scopes), uint64(len(f.sigs)), uint64(len(f.sigs)), 0)
	h = append(h, 0xf7) // 10^-9 seconds
	h = append(h, padded("convsim", 128)...)
	h = append(h, padded("", 119)...) // no date: the same run, the same bytes
	h = append(h, 0)                  // a Verilog
	f.section(fstHeader, be(h, 0))
}

// counter counts scopes.
type counter struct{ scopes int }

func (c *counter) enter(string)       { c.scopes++ }
func (c *counter) leave()             {}
func (c *counter) signal(int, string) {}

// padded is a text with zeros behind it.
func padded(text string, size int) []byte {
	return append([]byte(text), make([]byte, size-len(text))...)
}

// be appends numbers of 64 bits.
func be(dst []byte, numbers ...uint64) []byte {
	for _, n := range numbers {
		dst = binary.BigEndian.AppendUint64(dst, n)
	}
	return dst
}

// section writes a section.
func (f *FST) section(kind byte, parts ...[]byte) {
	size := 8
	for _, p := range parts {
		size += len(p)
	}
	f.w.WriteByte(kind)
	f.w.Write(be(nil, uint64(size)))
	for _, p := range parts {
		f.w.Write(p)
	}
}

// Set notes a change, and writes a block when there are enough of them.
func (f *FST) Set(at int64, signal int, value []byte) {
	if f.block.held >= f.most && at != f.block.at() {
		f.flush(f.block.at())
	}
	if f.sigs[signal].Width == 0 {
		value = f.words[f.tables[signal]+" "+string(value)]
	}
	f.block.set(at, signal, value)
}

// flush writes what has come so far, up to a cycle.
func (f *FST) flush(until int64) {
	if len(f.sigs) == 0 {
		return
	}
	f.section(fstChanges, f.block.encode(until)...)
	f.block.begin(until)
}

// Close writes the last block, and what signals there are.
func (f *FST) Close(end int64) error {
	f.block.time(end)
	f.flush(end)
	f.geometry()
	f.hierarchy()
	return f.w.Flush()
}

// table finds the tables of words: one of all signals of the same words.
func (f *FST) table() {
	f.words, f.tables = map[string][]byte{}, make([]string, len(f.sigs))
	var lists [][]string
	named := newNames()
	for i, s := range f.sigs {
		if s.Width > 0 {
			continue
		}
		at := slices.IndexFunc(lists, func(list []string) bool { return slices.Equal(list, s.Words) })
		if at < 0 {
			at = len(lists)
			lists = append(lists, s.Words)
		}
		f.tables[i] = named.of("", fmt.Sprintf("%s_%d", s.Name, at), "table")
		for n, word := range s.Words {
			f.words[f.tables[i]+" "+word] = digits(n, s.bits())
		}
	}
}

// digits is a number in so many bits.
func digits(n, bits int) []byte {
	out := make([]byte, bits)
	for i := range out {
		out[i] = '0' + byte(n>>(bits-1-i)&1)
	}
	return out
}
