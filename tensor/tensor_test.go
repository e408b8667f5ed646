package tensor

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wantErr checks that an error says all of the parts.
func wantErr(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func must(t *testing.T) func(x *Tensor, err error) *Tensor {
	return func(x *Tensor, err error) *Tensor {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func mustPanic(t *testing.T, part string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got, _ := recover().(string); !strings.HasPrefix(got, "tensor: ") || !strings.Contains(got, part) {
			t.Errorf("panic %q; want one of this package that says %q", got, part)
		}
	}()
	f()
}

func TestDTypeNames(t *testing.T) {
	for d := Int4; d.Valid(); d++ {
		if got, err := ParseDType(d.String()); err != nil || got != d {
			t.Errorf("ParseDType(%q) = %v, %v", d.String(), got, err)
		}
		if d.Bits() > 8*d.Size() {
			t.Errorf("%s: %d bits do not fit %d bytes", d, d.Bits(), d.Size())
		}
	}
	_, err := ParseDType("float16")
	wantErr(t, err, `"float16"`, "int4, uint4, int8, uint8, int16, int32, int64, float32, float64")
	mustPanic(t, "invalid", func() { DType(0).Size() })
	mustPanic(t, "no integer range", func() { Float32.Range() })
}

func TestDTypeRangeFollowsBits(t *testing.T) {
	for d := Int4; d <= Int64; d++ {
		lo, hi := d.Range()
		want := uint64(math.MaxUint64) >> (64 - d.Bits())
		if got := uint64(hi) - uint64(lo); got != want {
			t.Errorf("%s: %d..%d spans %d values; want %d", d, lo, hi, got, want)
		}
		if signed := d.String()[0] == 'i'; signed != (lo < 0) {
			t.Errorf("%s: smallest value %d", d, lo)
		}
	}
}

func TestElements(t *testing.T) {
	for name, c := range map[string]struct {
		shape []int
		want  int64
	}{
		"scalar":        {nil, 1},
		"matrix":        {[]int{3, 4}, 12},
		"empty":         {[]int{3, 0, 4}, 0},
		"empty is huge": {[]int{math.MaxInt, math.MaxInt, 0}, 0},
		"largest":       {[]int{math.MaxInt, 1}, math.MaxInt},
	} {
		if got, err := Elements(c.shape); err != nil || got != c.want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, c.want)
		}
	}
	_, err := Elements([]int{2, -1})
	wantErr(t, err, "[2 -1]", "dimension 1 is -1", "0 or more")
	_, err = Elements([]int{math.MaxInt/2 + 1, 2})
	wantErr(t, err, "more than 9223372036854775807")
}

func TestNewRefusesBeforeAllocating(t *testing.T) {
	_, err := New(Int32, 1<<20, 1<<20)
	wantErr(t, err, "int32 [1048576 1048576]", "4398046511104 bytes", "at most 4294967296")
	_, err = New(Float64, 1<<30, 1<<30, 1)
	wantErr(t, err, "too many")
	_, err = New(DType(77), 1)
	wantErr(t, err, "invalid(77)")
}

func TestFrom(t *testing.T) {
	_, err := From(Int32, []int64{1}, 1)
	wantErr(t, err, "int32 [1]", "[]int32", "[]int64")
	_, err = From(Int8, []int8{1, 2, 3}, 2, 2)
	wantErr(t, err, "needs 4 elements, not 3")
	_, err = From(Int4, []int8{7, -8, 8}, 3)
	wantErr(t, err, "element [2] is 8", "int4: -8..7")
	_, err = From(UInt4, []uint8{15, 16}, 2, 1)
	wantErr(t, err, "element [1 0] is 16", "uint4: 0..15")
	_, err = FromInt32s(UInt8, []int32{255, -1}, 2)
	wantErr(t, err, "element [1] is -1", "uint8: 0..255")
	_, err = FromInt32s(Float32, []int32{1}, 1)
	wantErr(t, err, "int32 to float32")
	x := must(t)(FromInt32s(Int8, []int32{-128, 127}, 1, 2))
	if diff := cmp.Diff([]int8{-128, 127}, x.Data); diff != "" {
		t.Error(diff)
	}
}

func TestFromInt32sCopies(t *testing.T) {
	data := []int32{1}
	x := must(t)(FromInt32s(Int32, data, 1))
	if data[0] = 2; x.Int(0) != 1 {
		t.Error("the tensor changed with its source")
	}
}

func TestAccessOfEveryInteger(t *testing.T) {
	want := []int32{1, 0, 7, 5}
	for d := Int4; d <= Int64; d++ {
		x := must(t)(FromInt32s(d, want, 4))
		if diff := cmp.Diff([]int32{9, 0, 7}, x.Int32s([]int32{9}, 1, 2)); diff != "" {
			t.Errorf("%s: Int32s (-want +got)\n%s", d, diff)
		}
		if x.Int(2) != 7 || x.Float(3) != 5 {
			t.Errorf("%s: Int(2) = %d, Float(3) = %v", d, x.Int(2), x.Float(3))
		}
		back := must(t)(x.Convert(Int32))
		if diff := cmp.Diff(want, back.Data); diff != "" {
			t.Errorf("%s: Convert (-want +got)\n%s", d, diff)
		}
	}
}

func TestAccessOfFloats(t *testing.T) {
	x := must(t)(From(Float32, []float32{1.5, -2, 3}, 3))
	if diff := cmp.Diff([]float32{-2, 3}, x.Float32s(nil, 1, 2)); diff != "" {
		t.Error(diff)
	}
	if x.Float(0) != 1.5 {
		t.Errorf("Float(0) = %v", x.Float(0))
	}
	mustPanic(t, "Int of float32 [3]", func() { x.Int(0) })
	mustPanic(t, "Int32s of float32", func() { x.Int32s(nil, 0, 1) })
	big := must(t)(From(Int64, []int64{0, 1 << 31}, 2))
	mustPanic(t, "element 1 is 2147483648", func() { big.Int32s(nil, 1, 1) })
	mustPanic(t, "Float32s of int64", func() { big.Float32s(nil, 0, 1) })
	_, err := big.Convert(Int32)
	wantErr(t, err, "element [1] is 2147483648")
	_, err = x.Convert(Int8)
	wantErr(t, err, "float32 to int8")
}

func TestShapeIsACopy(t *testing.T) {
	shape := []int{2, 3}
	x := must(t)(New(Int8, shape...))
	shape[0] = 9
	x.Shape()[1] = 9
	if diff := cmp.Diff([]int{2, 3}, x.Shape()); diff != "" {
		t.Error(diff)
	}
}

func TestReshapeAndCoordinates(t *testing.T) {
	x := must(t)(New(Int16, 2, 3, 4))
	y := must(t)(x.Reshape(6, 4))
	y.Data.([]int16)[23] = 5
	if x.Int(23) != 5 {
		t.Error("Reshape does not share the elements")
	}
	if diff := cmp.Diff([]int{1, 2, 3}, x.Coordinates(23)); diff != "" {
		t.Error(diff)
	}
	_, err := x.Reshape(5, 5)
	wantErr(t, err, "int16 [2 3 4]", "[5 5]", "25 elements, not 24")
	if got := must(t)(New(Int8)).Coordinates(0); len(got) != 0 {
		t.Errorf("coordinates of a scalar: %v", got)
	}
}

func TestEqual(t *testing.T) {
	for d := Int4; d <= Int64; d++ {
		a := must(t)(FromInt32s(d, []int32{1, 2, 3, 4}, 4))
		b := must(t)(FromInt32s(d, []int32{1, 2, 5, 6}, 4))
		if a.Equal(b) || !a.Equal(a) {
			t.Errorf("%s: Equal = %v, to itself %v", d, a.Equal(b), a.Equal(a))
		}
	}
	nan, zero := math.NaN(), math.Copysign(0, -1)
	a := must(t)(From(Float64, []float64{nan, 0}, 2))
	b := must(t)(From(Float64, []float64{nan, zero}, 2))
	if a.Equal(b) || !a.Equal(a) {
		t.Errorf("0 equals -0: %v; Equal to itself %v", a.Equal(b), a.Equal(a))
	}
	c := must(t)(From(Float32, []float32{float32(nan), 1}, 2))
	if !c.Equal(c) || c.Equal(a) {
		t.Error("float32 nan differs from itself, or equals float64")
	}
	if x, y := must(t)(New(Int8, 2, 3)), must(t)(New(Int8, 3, 2)); x.Equal(y) {
		t.Error("shapes 2x3 and 3x2 are equal")
	}
}

// TestPicked: elements of every type, of any places.
func TestPicked(t *testing.T) {
	for d := Int4; d <= Int64; d++ {
		x := must(t)(FromInt32s(d, []int32{1, 2, 3, 4}, 4))
		y := must(t)(x.Picked([]int{2, 3}, func(i int) int { return 3 - i/2 }))
		if got := y.Int32s(nil, 0, 6); !slices.Equal(got, []int32{4, 4, 3, 3, 2, 2}) || y.DType() != d || !slices.Equal(y.Shape(), []int{2, 3}) {
			t.Errorf("%s: %v", y, got)
		}
	}
	_, err := must(t)(New(Float32, 1)).Picked([]int{-1}, nil)
	wantErr(t, err, "-1")
}

func TestBytesAreLittleEndian(t *testing.T) {
	x := must(t)(From(Int32, []int32{1, -2}, 2))
	if diff := cmp.Diff([]byte{1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff}, x.Bytes()); diff != "" {
		t.Error(diff)
	}
	if got := must(t)(From(UInt4, []uint8{15}, 1)).Bytes(); len(got) != 1 || got[0] != 15 {
		t.Errorf("uint4: %v", got)
	}
}

func TestRepeats(t *testing.T) {
	x := ints(t, []int32{1, 2, 3})
	for _, c := range []struct {
		of   []int32
		want bool
	}{{[]int32{1, 2, 3}, true}, {[]int32{1, 2, 3, 1, 2, 3, 1}, true}, {[]int32{1, 2}, true}, {[]int32{1, 2, 3, 1, 3}, false},
		{[]int32{1, 2, 4, 1, 2, 3}, false}, {[]int32{}, true}} {
		if y := ints(t, c.of); y.Repeats(x) != c.want {
			t.Errorf("%v repeats 1 2 3: %v, want %v", c.of, !c.want, c.want)
		}
	}
	if floats, err := From(Float32, []float32{1}, 1); err != nil || floats.Repeats(ints(t, []int32{1})) || x.Repeats(ints(t, nil)) {
		t.Errorf("another type, or nothing, is repeated (%v)", err)
	}
}

func ints(t *testing.T, data []int32) *Tensor {
	t.Helper()
	if data == nil {
		data = []int32{}
	}
	x, err := From(Int32, data, len(data))
	if err != nil {
		t.Fatal(err)
	}
	return x
}
