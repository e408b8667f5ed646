package tensor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// npy makes a file of that version with that dictionary and elements.
func npy(major byte, dict string, elements ...byte) []byte {
	dict += "\n"
	out := append([]byte(npyMagic), major, 0)
	if major == 1 {
		out = binary.LittleEndian.AppendUint16(out, uint16(len(dict)))
	} else {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(dict)))
	}
	return append(append(out, dict...), elements...)
}

func dict(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran, shape)
}

const limit = 1 << 20

func TestDecodeNPY(t *testing.T) {
	for name, c := range map[string]struct {
		file  []byte
		dtype DType
		shape []int
		data  any
	}{
		"version 1":      {npy(1, dict("|i1", "False", "(2,)"), 1, 0xff), Int8, []int{2}, []int8{1, -1}},
		"version 2":      {npy(2, dict("|u1", "False", "(2,)"), 1, 0xff), UInt8, []int{2}, []uint8{1, 255}},
		"version 3":      {npy(3, dict("<i2", "False", "(1,)"), 1, 2), Int16, []int{1}, []int16{0x201}},
		"big endian i2":  {npy(1, dict(">i2", "False", "(1,)"), 1, 2), Int16, []int{1}, []int16{0x102}},
		"big endian f4":  {npy(1, dict(">f4", "False", "(1,)"), 0x3f, 0x80, 0, 0), Float32, []int{1}, []float32{1}},
		"little f8":      {npy(1, dict("<f8", "False", "(1,)"), 0, 0, 0, 0, 0, 0, 0xf0, 0x3f), Float64, []int{1}, []float64{1}},
		"big endian i8":  {npy(1, dict(">i8", "False", "()"), 0, 0, 0, 0, 0, 0, 1, 0), Int64, []int{}, []int64{256}},
		"scalar":         {npy(1, dict("<i4", "False", "()"), 5, 0, 0, 0), Int32, []int{}, []int32{5}},
		"one byte, <":    {npy(1, dict("<u1", "False", "()"), 5), UInt8, []int{}, []uint8{5}},
		"empty":          {npy(1, dict("|i1", "False", "(3, 0, 2)")), Int8, []int{3, 0, 2}, []int8{}},
		"empty Fortran":  {npy(1, dict("|i1", "True", "(3, 0)")), Int8, []int{3, 0}, []int8{}},
		"Fortran scalar": {npy(1, dict("|i1", "True", "()"), 7), Int8, []int{}, []int8{7}},
		// The 2x3 matrix 1 2 3 / 4 5 6, columns first.
		"Fortran": {npy(1, dict("|i1", "True", "(2, 3)"), 1, 4, 2, 5, 3, 6), Int8, []int{2, 3}, []int8{1, 2, 3, 4, 5, 6}},
		"Fortran of rank 3": {npy(1, dict("|u1", "True", "(2, 2, 2)"), 0, 4, 2, 6, 1, 5, 3, 7),
			UInt8, []int{2, 2, 2}, []uint8{0, 1, 2, 3, 4, 5, 6, 7}},
		"Fortran, big endian": {npy(1, dict(">i2", "True", "(2, 2)"), 0, 1, 0, 3, 0, 2, 0, 4),
			Int16, []int{2, 2}, []int16{1, 2, 3, 4}},
		"other quotes and order": {npy(1, `{ "shape":(1L ,),"fortran_order" : False,'descr': "|i1"}`, 3), Int8, []int{1}, []int8{3}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeNPY(bytes.NewReader(c.file), limit)
			if err != nil {
				t.Fatal(err)
			}
			if got.DType() != c.dtype || !slices.Equal(got.Shape(), c.shape) {
				t.Errorf("got %s; want %s %v", got, c.dtype, c.shape)
			}
			if diff := cmp.Diff(c.data, got.Data); diff != "" {
				t.Errorf("elements (-want +got)\n%s", diff)
			}
		})
	}
}

func TestDecodeNPYRefuses(t *testing.T) {
	ok := dict("|i1", "False", "(2,)")
	for name, c := range map[string]struct {
		file []byte
		want []string
	}{
		"nothing":          {nil, []string{"not a .npy file"}},
		"text":             {[]byte("hello, world"), []string{"not a .npy file"}},
		"version 4":        {npy(4, ok, 1, 2), []string{"format 4.0", "1.0, 2.0, 3.0"}},
		"version 0":        {npy(0, ok, 1, 2), []string{"format 0.0"}},
		"length cut":       {npy(1, ok)[:9], []string{"ends within the header"}},
		"header cut":       {npy(1, ok)[:30], []string{"ends within the header"}},
		"header length":    {[]byte(npyMagic + "\x02\x00\xff\xff\xff\x7f"), []string{"2147483647 bytes", "at most 65536"}},
		"elements cut":     {npy(1, ok, 1), []string{"ends within the elements", "int8 [2], 2 bytes"}},
		"no elements":      {npy(1, ok), []string{"ends within the elements"}},
		"surplus":          {npy(1, ok, 1, 2, 3), []string{"surplus bytes", "int8 [2]"}},
		"bool":             {npy(1, dict("|b1", "False", "(2,)"), 1, 0), []string{`"|b1"`, "i1 u1 i2 i4 i8 f4 f8"}},
		"float16":          {npy(1, dict("<f2", "False", "()"), 1, 0), []string{`"<f2"`}},
		"uint32":           {npy(1, dict("<u4", "False", "()"), 1, 0, 0, 0), []string{`"<u4"`}},
		"no byte order":    {npy(1, dict("|i4", "False", "()"), 1, 0, 0, 0), []string{`"|i4"`}},
		"two byte orders":  {npy(1, dict("<>i4", "False", "()"), 1, 0, 0, 0), []string{`"<>i4"`}},
		"bare code":        {npy(1, dict("i1", "False", "()"), 1), []string{`"i1"`}},
		"record":           {npy(1, "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (), }"), []string{"wanted a string"}},
		"lying shape":      {npy(1, dict("|i1", "False", "(1000000, 1000000)"), 1), []string{"1000000000000 bytes", "at most 1048576"}},
		"overflow":         {npy(1, dict("<f8", "False", "(4611686018427387904, 4)"), 1), []string{"more than"}},
		"bytes overflow":   {npy(1, dict("<f8", "False", "(4611686018427387904,)"), 1), []string{"too many"}},
		"huge number":      {npy(1, dict("<f8", "False", "(99999999999999999999,)"), 1), []string{"99999999999999999999 is too large"}},
		"beyond int":       {npy(1, dict("|i1", "False", "(9223372036854775808, 0)")), []string{"9223372036854775808 is too large"}},
		"negative":         {npy(1, dict("|i1", "False", "(-1,)"), 1), []string{`found "-1,`, "a size, 0 or more"}},
		"no comma":         {npy(1, dict("|i1", "False", "(2)"), 1, 2), []string{`wanted ","`}},
		"list":             {npy(1, dict("|i1", "False", "[2]"), 1, 2), []string{`wanted "("`}},
		"open tuple":       {npy(1, "{'descr': '|i1', 'shape': (2,", 1, 2), []string{"a size"}},
		"order":            {npy(1, dict("|i1", "false", "(2,)"), 1, 2), []string{"wanted True or False"}},
		"open string":      {npy(1, "{'descr", 1, 2), []string{"a string with an end"}},
		"missing key":      {npy(1, "{'descr': '|i1', 'shape': (2,)}", 1, 2), []string{`no key "fortran_order"`}},
		"key twice":        {npy(1, "{'shape': (1,), 'shape': (2,)}", 1, 2), []string{`"shape" given twice`}},
		"unknown key":      {npy(1, "{'colour': 'red'}", 1, 2), []string{`"colour"`, "descr, fortran_order, shape"}},
		"not a dictionary": {npy(1, "import os", 1, 2), []string{`wanted "{"`}},
		"after the end":    {npy(1, ok+" 7", 1, 2), []string{"wanted the end"}},
		"rank 65":          {npy(1, dict("|i1", "False", "("+strings.Repeat("1, ", 65)+")"), 1), []string{"65 dimensions", "at most 64"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeNPY(bytes.NewReader(c.file), limit)
			if got != nil {
				t.Errorf("got %s", got)
			}
			wantErr(t, err, c.want...)
		})
	}
}

// A short file whose header promises as much as the limit allows must not make
// the reader allocate it.
func TestDecodeNPYDoesNotTrustTheHeader(t *testing.T) {
	file := npy(1, dict("<i8", "False", "(500000000,)"), 1, 2, 3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := DecodeNPY(bytes.NewReader(file), 1<<40)
	runtime.ReadMemStats(&after)
	wantErr(t, err, "ends within the elements", "4000000000 bytes")
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes allocated for a file of %d", got, len(file))
	}
}

// anyTensor draws a tensor of any type a file can hold.
func anyTensor(t *rapid.T) *Tensor {
	dtype := rapid.SampledFrom([]DType{Int8, UInt8, Int16, Int32, Int64, Float32, Float64}).Draw(t, "dtype")
	shape := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 4).Draw(t, "shape")
	n, _ := Elements(shape)
	raw := rapid.SliceOfN(rapid.Byte(), int(n)*dtype.Size(), int(n)*dtype.Size()).Draw(t, "elements")
	data, err := readRaw(bytes.NewReader(raw), dtype, binary.LittleEndian, int(n))
	if err != nil {
		t.Fatal(err)
	}
	x, err := From(dtype, data, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestNPYRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyTensor(t)
		var file bytes.Buffer
		if err := EncodeNPY(&file, x); err != nil {
			t.Fatal(err)
		}
		if got := file.Len() - len(x.Bytes()); got%64 != 0 {
			t.Errorf("elements start at byte %d; want a multiple of 64", got)
		}
		y, err := DecodeNPY(&file, limit)
		if err != nil {
			t.Fatal(err)
		}
		if !x.Equal(y) {
			t.Errorf("%v came back as %v", x, y)
		}
	})
}

// In Fortran order element (i0, i1, i2) lies at i0 + d0*(i1 + d1*i2).
func TestFortranOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyTensor(t)
		y := &Tensor{Data: toC(x.Data, x.shape), dtype: x.dtype, shape: x.shape}
		for i := range y.Len() {
			place := 0
			for k, at := range slices.Backward(y.Coordinates(i)) {
				place = place*x.shape[k] + at
			}
			one, other := y.Float(i), x.Float(place)
			if one != other && (one == one || other == other) {
				t.Fatalf("%s: element %v is %v, not %v", x, y.Coordinates(i), one, other)
			}
		}
	})
}

func TestWriteNPY(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "y.npy")
	for _, v := range []int32{7, -7} {
		x := must(t)(FromInt32s(Int4, []int32{v, 1}, 2))
		if err := WriteNPY(path, x); err != nil {
			t.Fatal(err)
		}
		got := must(t)(ReadNPY(path))
		if diff := cmp.Diff([]int8{int8(v), 1}, got.Data); diff != "" || got.DType() != Int8 {
			t.Errorf("int4 came back as %s (-want +got)\n%s", got, diff)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files left; want 1", len(files))
	}
	big := must(t)(New(Int8, slices.Repeat([]int{1}, 65)...))
	wantErr(t, WriteNPY(path, big), path, "65 dimensions", "at most 64")
	if files, _ := os.ReadDir(dir); len(files) != 1 || must(t)(ReadNPY(path)).Int(0) != -7 {
		t.Error("a failed write left something behind or took the old file")
	}
	wantErr(t, WriteNPY(filepath.Join(dir, "none", "y.npy"), big), filepath.Join("none", "y.npy"))
}

func TestReadNPYNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := os.WriteFile(path, npy(1, dict("|b1", "False", "()"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ReadNPY(path)
	wantErr(t, err, path, "|b1")
	_, err = ReadNPY(path + "x")
	wantErr(t, err, path+"x")
}

func FuzzDecodeNPY(f *testing.F) {
	f.Add(npy(1, dict("|i1", "False", "(2,)"), 1, 2))
	f.Add(npy(2, dict(">i2", "True", "(2, 1)"), 1, 2, 3, 4))
	f.Add(npy(3, dict("<f4", "False", "()"), 0, 0, 0xc0, 0x7f))
	f.Add(npy(1, dict("<f8", "False", "(0, 9)")))
	f.Fuzz(func(t *testing.T, file []byte) {
		x, err := DecodeNPY(bytes.NewReader(file), limit)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := EncodeNPY(&again, x); err != nil {
			t.Fatal(err)
		}
		y, err := DecodeNPY(&again, limit)
		if err != nil || !x.Equal(y) {
			t.Fatalf("%v came back as %v, %v", x, y, err)
		}
	})
}
