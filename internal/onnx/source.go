package onnx

import (
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// Limits on what the description of a model may take.
const (
	maxNodes = 1 << 15
	maxDepth = 32       // graphs within graphs
	maxName  = 4096     // bytes
	maxHeld  = 24 << 20 // bytes in memory, without elements of tensors
	window   = 32 << 10 // bytes read at a time
)

// source is a file being decoded: a window moves over it.
type source struct {
	r      io.ReaderAt
	size   int64
	folder string // external data is within
	window []byte
	at     int64 // of the window in the file
	names  map[string]string
	held   int64
	nodes  int
	depth  int
}

func newSource(r io.ReaderAt, size int64, folder string) *source {
	return &source{r: r, size: size, folder: folder, names: map[string]string{}}
}

// whole returns the file as one message.
func (s *source) whole() message { return message{src: s, end: s.size} }

// hold accounts for memory the description takes.
func (s *source) hold(n int64) error {
	if s.held += n; s.held > maxHeld {
		return fmt.Errorf("the description of the model (%d nodes so far) takes more memory than allowed: %d MiB",
			s.nodes, maxHeld>>20)
	}
	return nil
}

// peek returns up to n bytes, at most a window, from a place in the file; fewer
// only at its end.
func (s *source) peek(at int64, n int64) ([]byte, error) {
	if n = min(n, s.size-at, window); n <= 0 {
		return nil, nil
	}
	if at < s.at || at+n > s.at+int64(len(s.window)) {
		if cap(s.window) == 0 {
			s.window = make([]byte, min(window, s.size))
		}
		s.window = s.window[:min(int64(cap(s.window)), s.size-at)]
		s.at = at
		if _, err := s.r.ReadAt(s.window, at); err != nil && !errors.Is(err, io.EOF) {
			s.window = s.window[:0]
			return nil, err
		}
	}
	return s.window[at-s.at:][:n], nil
}

// message is a part of the file that holds fields.
type message struct {
	src     *source
	at, end int64
}

func (m message) len() int64 { return m.end - m.at }

// field is one field of a message.
type field struct {
	number protowire.Number
	wire   protowire.Type
	value  uint64  // of a number
	body   message // of anything else; only the source of a number
	at     int64
}

// each calls f with every field in turn.
func (m message) each(f func(field) error) error {
	for m.at < m.end {
		got, err := m.next()
		if err != nil {
			return fmt.Errorf("byte %d: %w", m.at, err)
		}
		if err := f(got); err != nil {
			return err
		}
	}
	return nil
}

// next decodes a field and moves behind it.
func (m *message) next() (field, error) {
	head, err := m.src.peek(m.at, min(m.len(), 2*10))
	if err != nil {
		return field{}, err
	}
	number, wire, n := protowire.ConsumeTag(head)
	if n < 0 {
		return field{}, damaged(n)
	}
	got := field{number: number, wire: wire, at: m.at, body: message{src: m.src}}
	switch wire {
	case protowire.VarintType:
		var size int
		got.value, size = protowire.ConsumeVarint(head[n:])
		if size < 0 {
			return field{}, damaged(size)
		}
		n += size
	case protowire.BytesType:
		length, size := protowire.ConsumeVarint(head[n:])
		if size < 0 {
			return field{}, damaged(size)
		}
		start := m.at + int64(n+size)
		if left := m.end - start; length > uint64(left) {
			return field{}, fmt.Errorf("a field of %d bytes where %d are left", length, left)
		}
		got.body = message{m.src, start, start + int64(length)}
		m.at = got.body.end
		return got, nil
	default:
		size, err := got.fixed(head[n:])
		if err != nil {
			return field{}, err
		}
		n += size
	}
	m.at += int64(n)
	return got, nil
}

// fixed decodes a number of fixed size.
func (f *field) fixed(b []byte) (int, error) {
	switch f.wire {
	case protowire.Fixed32Type:
		v, n := protowire.ConsumeFixed32(b)
		f.value = uint64(v)
		return n, damaged(n)
	case protowire.Fixed64Type:
		v, n := protowire.ConsumeFixed64(b)
		f.value = v
		return n, damaged(n)
	}
	return 0, fmt.Errorf("a field of wire type %d, which ONNX does not use", f.wire)
}

// damaged returns what protowire's negative length means.
func damaged(n int) error {
	if n >= 0 {
		return nil
	}
	if err := protowire.ParseError(n); !errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("no valid protobuf")
	}
	return errors.New("the data ends within a field")
}

// want checks how a field is encoded.
func (f field) want(wire protowire.Type) error {
	if f.wire == wire {
		return nil
	}
	return fmt.Errorf("byte %d: field %d has wire type %d; expected: %d", f.at, f.number, f.wire, wire)
}

// integer reads a number into dst.
func integer[T ~int32 | ~int64](f field, dst *T) error {
	*dst = T(f.value)
	return f.want(protowire.VarintType)
}

// text reads a string that is used as a name.
func (f field) text(dst *string) error {
	if err := f.want(protowire.BytesType); err != nil {
		return err
	}
	if f.body.len() > maxName {
		return fmt.Errorf("byte %d: a name of %d bytes; allowed: at most %d", f.at, f.body.len(), maxName)
	}
	return f.cut(dst)
}

// cut reads a string up to the length a name may have. Equal ones are held once.
func (f field) cut(dst *string) error {
	if err := f.want(protowire.BytesType); err != nil {
		return err
	}
	raw, err := f.body.src.peek(f.body.at, min(f.body.len(), maxName))
	if err != nil {
		return err
	}
	src := f.body.src
	known, ok := src.names[string(raw)]
	if !ok {
		known = string(raw)
		src.names[known] = known
		err = src.hold(int64(len(known)) + 64)
	}
	*dst = known
	return err
}
