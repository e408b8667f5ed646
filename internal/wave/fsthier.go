package wave

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
)

// The entries of a hierarchy, and the kinds within them.
const (
	hierAttribute = 252
	hierScope     = 254
	hierUpscope   = 255

	attributeMisc  = 0
	miscComment    = 0
	miscWordTable  = 7
	scopeModule    = 0
	signalWire     = 16
	directionUnset = 0
)

// geometry writes how wide signals are.
func (f *FST) geometry() {
	var widths []byte
	for _, s := range f.sigs {
		widths = binary.AppendUvarint(widths, uint64(s.bits()))
	}
	small := f.block.packer.deflated(widths)
	f.section(fstGeometry, be(nil, uint64(len(widths)), uint64(len(f.sigs))), small)
}

// hierarchy writes scopes, names and tables of words.
func (f *FST) hierarchy() {
	h := &hierarchy{f: f, handles: map[string]uint64{}}
	h.attribute(miscComment, f.comment, 0)
	walk(f.sigs, h)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(h.out)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("wave: a buffer does not take what is written: " + err.Error())
	}
	f.section(fstHierarchy, be(nil, uint64(len(h.out))), packed.Bytes())
}

// hierarchy is the tree of an FST's signals.
type hierarchy struct {
	f       *FST
	out     []byte
	handles map[string]uint64 // of tables that are there
}

func (h *hierarchy) text(s string) { h.out = append(append(h.out, s...), 0) }

func (h *hierarchy) attribute(kind byte, name string, arg uint64) {
	h.out = append(h.out, hierAttribute, attributeMisc, kind)
	h.text(name)
	h.out = binary.AppendUvarint(h.out, arg)
}

func (h *hierarchy) enter(scope string) {
	h.out = append(h.out, hierScope, scopeModule)
	h.text(scope)
	h.text("") // no component
}

func (h *hierarchy) leave() { h.out = append(h.out, hierUpscope) }

func (h *hierarchy) signal(i int, name string) {
	s := h.f.sigs[i]
	if table := h.f.tables[i]; table != "" {
		h.attribute(miscWordTable, "", h.handle(table, s))
	}
	h.out = append(h.out, signalWire, directionUnset)
	h.text(name)
	h.out = binary.AppendUvarint(h.out, uint64(s.bits()))
	h.out = binary.AppendUvarint(h.out, 0) // no alias of another one
}

// handle is the number of a table, which is put there before its first use.
func (h *hierarchy) handle(table string, s Signal) uint64 {
	if n, ok := h.handles[table]; ok {
		return n
	}
	n := uint64(len(h.handles) + 1)
	h.handles[table] = n
	parts := append([]string{table, fmt.Sprint(len(s.Words))}, s.Words...)
	for i := range s.Words {
		parts = append(parts, string(digits(i, s.bits())))
	}
	h.attribute(miscWordTable, strings.Join(parts, " "), n)
	return n
}
