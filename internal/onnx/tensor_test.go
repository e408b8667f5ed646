package onnx_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/convsim/convsim/internal/onnx"
)

// loaded returns the elements of a tensor as numbers, or the error.
func loaded(t *testing.T, p part) ([]float64, string) {
	t.Helper()
	proto, err := onnx.ReadTensor(save(t, p))
	if err != nil {
		return nil, err.Error()
	}
	x, err := proto.Load()
	if err != nil {
		return nil, err.Error()
	}
	var out []float64
	for i := range x.Len() {
		out = append(out, x.Float(i))
	}
	return out, ""
}

func words[T uint16 | uint32 | uint64](v ...T) part {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

// floats32 are unpacked elements, as the first version of protobuf writes them.
func floats32(v ...float32) part {
	var p part
	for _, x := range v {
		p = append(p, real32(4, x)...)
	}
	return p
}

func TestElements(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		dtype    onnx.DataType
		elements part
		want     []float64
	}{
		"float raw":         {onnx.Float, text(9, string(words(math.Float32bits(1.5), math.Float32bits(-2)))), []float64{1.5, -2}},
		"float unpacked":    {onnx.Float, floats32(1.5, -2), []float64{1.5, -2}},
		"float packed":      {onnx.Float, text(4, string(words(math.Float32bits(1.5), math.Float32bits(-2)))), []float64{1.5, -2}},
		"double":            {onnx.Double, text(10, string(words(math.Float64bits(1.1), math.Float64bits(-2)))), []float64{1.1, -2}},
		"half raw":          {onnx.Float16, text(9, string(words[uint16](0x3c00, 0xc100))), []float64{1, -2.5}},
		"half special":      {onnx.Float16, packed(5, 0x7c00, 0x0001), []float64{inf, math.Ldexp(1, -24)}},
		"bfloat raw":        {onnx.BFloat16, text(9, string(words[uint16](0x3fc0, 0xc000))), []float64{1.5, -2}},
		"bfloat typed":      {onnx.BFloat16, packed(5, 0x3fc0, 0xc000), []float64{1.5, -2}},
		"int8 raw":          {onnx.Int8, text(9, "\x80\x7f"), []float64{-128, 127}},
		"int8 typed":        {onnx.Int8, packed(5, -128, 127), []float64{-128, 127}},
		"int8 unpacked":     {onnx.Int8, join(num(5, -1), num(5, 2)), []float64{-1, 2}},
		"uint8 typed":       {onnx.Uint8, packed(5, 255, 0), []float64{255, 0}},
		"int16 raw":         {onnx.Int16, text(9, string(words[uint16](0x8000, 1))), []float64{-32768, 1}},
		"uint16 raw":        {onnx.Uint16, text(9, string(words[uint16](0x8000, 1))), []float64{32768, 1}},
		"int32 raw":         {onnx.Int32, text(9, string(words[uint32](0xffffffff, 1))), []float64{-1, 1}},
		"int32 typed":       {onnx.Int32, packed(5, -1, 1), []float64{-1, 1}},
		"uint32 typed":      {onnx.Uint32, packed(11, 1<<32-1, 1), []float64{1<<32 - 1, 1}},
		"int64 typed":       {onnx.Int64, packed(7, -1, 1), []float64{-1, 1}},
		"int64 raw":         {onnx.Int64, text(9, string(words(^uint64(0), 1))), []float64{-1, 1}},
		"bool":              {onnx.Bool, packed(5, 1, 0), []float64{1, 0}},
		"int4 raw":          {onnx.Int4, text(9, "\x7f"), []float64{-1, 7}},
		"int4 typed":        {onnx.Int4, packed(5, 0x18), []float64{-8, 1}},
		"uint4 raw":         {onnx.Uint4, text(9, "\x7f"), []float64{15, 7}},
		"in two parts":      {onnx.Int32, join(packed(5, 4), packed(5, 5)), []float64{4, 5}},
		"of the other kind": {onnx.Int32, join(packed(7, 9, 9), packed(5, 4, 5)), []float64{4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := loaded(t, tensorProto("w", c.dtype, []int64{2}, c.elements))
			if err != "" || len(got) != 2 || got[0] != c.want[0] || got[1] != c.want[1] {
				t.Errorf("got %v %s, want %v", got, err, c.want)
			}
		})
	}
}

// Three elements of 4 bits are in two bytes.
func TestHalfAByte(t *testing.T) {
	got, err := loaded(t, tensorProto("w", onnx.Int4, []int64{3}, text(9, "\x21\x0f")))
	if err != "" || len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != -1 {
		t.Errorf("got %v %s", got, err)
	}
}

func TestElementsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		dtype    onnx.DataType
		elements part
		want     string
	}{
		"int8":    {onnx.Int8, packed(5, 127, 128), "element 1 is 128; allowed: -128..127"},
		"uint8":   {onnx.Uint8, packed(5, -1, 0), "element 0 is -1; allowed: 0..255"},
		"uint64":  {onnx.Uint64, packed(11, -1, 0), "element 0 is -1"},
		"string":  {8, text(6, "a"), "elements of string; supported: int4"},
		"float8":  {17, text(9, "ab"), "elements of float8e4m3fn; supported: int4"},
		"unknown": {99, text(9, "ab"), "elements of type 99; supported: int4"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := loaded(t, tensorProto("w", c.dtype, []int64{2}, c.elements)); !strings.Contains(got, c.want) {
				t.Errorf("got: %s\nwant: %s", got, c.want)
			}
		})
	}
}

// external encodes a tensor whose elements are in another file.
func external(location string, more ...string) part {
	p := join(packed(1, 2), num(2, int64(onnx.Float)), text(8, "w"), num(14, 1), entry("location", location))
	for i := 0; i < len(more); i += 2 {
		p = append(p, entry(more[i], more[i+1])...)
	}
	return message(5, p)
}

func entry(key, v string) part { return message(protowire.Number(13), text(1, key), text(2, v)) }

func TestExternalData(t *testing.T) {
	outside := t.TempDir()
	folder := t.TempDir()
	data := words(uint32(7), math.Float32bits(1.5), math.Float32bits(-2))
	for _, path := range []string{filepath.Join(outside, "secret.bin"), filepath.Join(folder, "w.bin")} {
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link.bin": filepath.Join(outside, "secret.bin"), "inner.bin": "w.bin", "way": outside} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Skip(err)
		}
	}
	for name, c := range map[string]struct {
		tensor part
		want   string // in the error; empty for none
	}{
		"offset":          {external("w.bin", "offset", "4"), ""},
		"offset, length":  {external("./w.bin", "offset", "4", "length", "8"), ""},
		"link within":     {external("inner.bin", "offset", "4"), ""},
		"above":           {external("../../secret.bin"), `external data in "../../secret.bin"; allowed: a file in the folder of the model or below`},
		"there and back":  {external("sub/../../x/w.bin"), "allowed: a file in the folder of the model or below"},
		"absolute":        {external(filepath.Join(outside, "secret.bin")), "allowed: a file in the folder of the model or below"},
		"link that leads": {external("link.bin", "offset", "4"), "allowed: a file in the folder of the model or below"},
		"folder link":     {external("way/secret.bin"), "allowed: a file in the folder of the model or below"},
		"missing":         {external("no.bin"), "no such file"},
		"no location":     {external(""), `external data in ""; allowed`},
		"folder":          {external("sub"), "no regular file"},
		"too far":         {external("w.bin", "offset", "8"), "8 bytes from byte 8 on; the file has 12"},
		"far too far":     {external("w.bin", "offset", "9223372036854775807"), "the file has 12"},
		"negative":        {external("w.bin", "offset", "-4"), `offset "-4"; allowed: a number of bytes`},
		"lying length":    {external("w.bin", "length", "12"), "length 12; expected for the shape: 8"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, strings.ReplaceAll(name, " ", "_")+".onnx")
			p := model(13, c.tensor, node("Add", "x w", "y"), graphInput("x", 2), graphOutput("y"))
			if err := os.WriteFile(path, p, 0o666); err != nil {
				t.Fatal(err)
			}
			m, err := onnx.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			g, err := m.Network(nil)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) || len(m.Convert(nil).Problems) != 1 {
					t.Fatalf("got: %v\nwant: %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if w := g.Constants["w"]; w.Float(0) != 1.5 || w.Float(1) != -2 {
				t.Errorf("got %v", w.Data)
			}
		})
	}
}
