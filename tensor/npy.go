package tensor

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/convsim/convsim/internal/wholefile"
)

// npyMagic starts every .npy file.
const npyMagic = "\x93NUMPY"

// maxHeader is the longest header read, in bytes. A true one is below 2 KiB
// even at the largest rank.
const maxHeader = 1 << 16

// ReadNPY reads a .npy file of at most MaxBytes of elements. Errors name it.
func ReadNPY(path string) (*Tensor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := DecodeNPY(f, MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// DecodeNPY reads a .npy file to its end: format 1.0, 2.0 or 3.0, either byte
// order, Fortran order turned into C order. Elements of more than limit bytes,
// an unknown type, a malformed header, missing and surplus bytes are errors.
func DecodeNPY(r io.Reader, limit int64) (*Tensor, error) {
	in := bufio.NewReader(r)
	text, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(text)
	if err != nil {
		return nil, err
	}
	n, err := sized(h.dtype, h.shape, limit)
	if err != nil {
		return nil, err
	}
	data, err := readRaw(in, h.dtype, h.order, n)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("ends within the elements; the header promises %s %v, %d bytes",
			h.dtype, h.shape, n*h.dtype.Size())
	}
	if err != nil {
		return nil, err
	}
	if err := mustEnd(in); err != nil {
		return nil, fmt.Errorf("%w after the elements of %s %v", err, h.dtype, h.shape)
	}
	if h.fortran {
		data = toC(data, h.shape)
	}
	return &Tensor{Data: data, dtype: h.dtype, shape: h.shape}, nil
}

// readHeader reads magic, version and length, and returns the dictionary.
func readHeader(r io.Reader) (string, error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || string(start[:6]) != npyMagic {
		return "", notNPY(err)
	}
	length, err := headerLength(r, start[6], start[7])
	if err != nil {
		return "", err
	}
	if length > maxHeader {
		return "", fmt.Errorf("header of %d bytes; allowed: at most %d", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", truncated(err)
	}
	return string(text), nil
}

// headerLength reads the length, whose width depends on the version.
func headerLength(r io.Reader, major, minor byte) (int64, error) {
	if minor != 0 || major < 1 || major > 3 {
		return 0, fmt.Errorf(".npy format %d.%d; allowed: 1.0, 2.0, 3.0", major, minor)
	}
	if major == 1 {
		var n uint16
		err := binary.Read(r, binary.LittleEndian, &n)
		return int64(n), truncated(err)
	}
	var n uint32
	err := binary.Read(r, binary.LittleEndian, &n)
	return int64(n), truncated(err)
}

// notNPY is the error for a file without the magic; err is what reading gave.
func notNPY(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errors.New(`not a .npy file: it does not start with "\x93NUMPY"`)
}

// truncated says where a file ended that ended too early.
func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("ends within the header")
	}
	return err
}

// mustEnd makes sure that nothing is left.
func mustEnd(r io.Reader) error {
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return errors.New("surplus bytes")
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}

// EncodeNPY writes a .npy file, format 1.0, little endian, C order, as NumPy
// writes it. int4 and uint4 become int8 and uint8.
func EncodeNPY(w io.Writer, t *Tensor) error {
	const preamble, align = len(npyMagic) + 4, 64
	if len(t.shape) > maxRank {
		return fmt.Errorf("%d dimensions; allowed in a .npy file: at most %d", len(t.shape), maxRank)
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", npyCode[t.dtype], npyShape(t.shape))
	text += strings.Repeat(" ", (align-(preamble+len(text)+1)%align)%align) + "\n"
	start := append([]byte(npyMagic), 1, 0)
	start = binary.LittleEndian.AppendUint16(start, uint16(len(text)))
	if _, err := w.Write(append(start, text...)); err != nil {
		return err
	}
	return t.WriteRaw(w)
}

// npyShape writes a shape as Python writes a tuple.
func npyShape(shape []int) string {
	text := make([]string, len(shape))
	for i, d := range shape {
		text[i] = fmt.Sprint(d)
	}
	if len(shape) == 1 {
		return "(" + text[0] + ",)"
	}
	return "(" + strings.Join(text, ", ") + ")"
}

// WriteNPY writes a .npy file; it appears whole or not at all.
func WriteNPY(path string, t *Tensor) error {
	err := wholefile.Write(path, func(w io.Writer) error { return EncodeNPY(w, t) })
	if err != nil && !errors.As(err, new(*os.PathError)) {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return err
}
