package tensor

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxRank is the most dimensions a file may have, NumPy's own limit.
const maxRank = 64

// npyTypes are the types a .npy file may hold, by NumPy's code.
var npyTypes = map[string]DType{
	"i1": Int8, "u1": UInt8, "i2": Int16, "i4": Int32, "i8": Int64, "f4": Float32, "f8": Float64,
}

const npyAllowed = "i1 u1 i2 i4 i8 f4 f8 (int8 uint8 int16 int32 int64 float32 float64)"

// npyCode is the inverse of npyTypes; int4 and uint4 have a byte each.
var npyCode = [...]string{
	Int4: "|i1", UInt4: "|u1", Int8: "|i1", UInt8: "|u1",
	Int16: "<i2", Int32: "<i4", Int64: "<i8", Float32: "<f4", Float64: "<f8",
}

// header is what the dictionary in front of the elements says.
type header struct {
	dtype   DType
	order   binary.ByteOrder
	fortran bool
	shape   []int
}

// parseHeader reads the dictionary, a Python literal with the three keys
// 'descr', 'fortran_order' and 'shape' in any order.
func parseHeader(text string) (h header, err error) {
	p := literal{text: text}
	seen := map[string]bool{}
	p.expect("{")
	for p.err == nil && !p.accept("}") {
		key := p.str()
		p.expect(":")
		if p.err == nil && seen[key] {
			return h, fmt.Errorf("header: key %q given twice", key)
		}
		seen[key] = true
		h.read(&p, key)
		if !p.accept(",") {
			p.expect("}")
			break
		}
	}
	if p.end(); p.err != nil {
		return h, fmt.Errorf("header: %w", p.err)
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("header: no key %q", key)
		}
	}
	return h, nil
}

// read reads the value of one key.
func (h *header) read(p *literal, key string) {
	switch key {
	case "descr":
		h.setType(p)
	case "fortran_order":
		h.fortran = p.boolean()
	case "shape":
		h.shape = p.tuple()
	default:
		p.fail("key %q; allowed: descr, fortran_order, shape", key)
	}
}

// setType reads a type such as '<f4': byte order and code.
func (h *header) setType(p *literal) {
	descr := p.str()
	if p.err != nil {
		return
	}
	code := strings.TrimLeft(descr, "<>|")
	dtype, ok := npyTypes[code]
	if !ok || len(descr) != len(code)+1 || descr[0] == '|' && dtype.Size() > 1 {
		p.fail("element type %q; allowed: %s, after < or >", descr, npyAllowed)
		return
	}
	h.dtype, h.order = dtype, binary.LittleEndian
	if descr[0] == '>' {
		h.order = binary.BigEndian
	}
}

// literal reads the few Python literals a header is made of. After the first
// mistake err is set and everything else does nothing.
type literal struct {
	text string
	pos  int
	err  error
}

func (p *literal) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

// blanks skips white space.
func (p *literal) blanks() {
	p.pos += len(p.rest()) - len(strings.TrimLeft(p.rest(), " \t\n"))
}

// accept skips blanks, then the token if it is next.
func (p *literal) accept(token string) bool {
	if p.blanks(); p.err != nil || !strings.HasPrefix(p.rest(), token) {
		return false
	}
	p.pos += len(token)
	return true
}

func (p *literal) rest() string { return p.text[p.pos:] }

func (p *literal) expect(token string) {
	if !p.accept(token) {
		p.unexpected(strconv.Quote(token))
	}
}

func (p *literal) unexpected(wanted string) {
	const context = 20
	p.fail("found %q at byte %d, wanted %s", p.rest()[:min(context, len(p.rest()))], p.pos, wanted)
}

// end makes sure that only blanks are left.
func (p *literal) end() {
	if p.blanks(); p.rest() != "" {
		p.unexpected("the end")
	}
}

// str reads a string in single or double quotes. Escapes have no place in a
// header and are not understood.
func (p *literal) str() string {
	for _, quote := range []string{"'", `"`} {
		if p.accept(quote) {
			s, _, ok := strings.Cut(p.rest(), quote)
			if !ok {
				p.unexpected("a string with an end")
				return ""
			}
			p.pos += len(s) + 1
			return s
		}
	}
	p.unexpected("a string")
	return ""
}

func (p *literal) boolean() bool {
	if p.accept("True") {
		return true
	}
	if !p.accept("False") {
		p.unexpected("True or False")
	}
	return false
}

// tuple reads a tuple of sizes: (), (3,) or (3, 4).
func (p *literal) tuple() []int {
	shape := []int{}
	p.expect("(")
	for !p.accept(")") && p.err == nil {
		shape = append(shape, p.size())
		comma := p.accept(",")
		if !comma && len(shape) == 1 {
			p.unexpected(`","`)
		}
		if !comma {
			p.expect(")")
			break
		}
	}
	if len(shape) > maxRank {
		p.fail("shape has %d dimensions; allowed: at most %d", len(shape), maxRank)
	}
	return shape
}

// size reads a number from 0 on; Python 2 wrote an L behind long ones.
func (p *literal) size() int {
	p.blanks()
	digits := p.rest()[:len(p.rest())-len(strings.TrimLeft(p.rest(), "0123456789"))]
	n, err := strconv.ParseUint(digits, 10, 64)
	if digits == "" {
		p.unexpected("a size, 0 or more")
	} else if err != nil || n > math.MaxInt {
		p.fail("size %s is too large; allowed: at most %d", digits, math.MaxInt)
	}
	p.pos += len(digits)
	p.accept("L")
	return int(n)
}
