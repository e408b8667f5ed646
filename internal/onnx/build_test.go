package onnx_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/convsim/convsim/internal/onnx"
)

// part is an encoded part of a message.
type part []byte

func join(parts ...part) part {
	var out part
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// text is a field of bytes.
func text(number protowire.Number, s string) part {
	return protowire.AppendString(protowire.AppendTag(nil, number, protowire.BytesType), s)
}

func num(number protowire.Number, v int64) part {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), uint64(v))
}

func real32(number protowire.Number, v float32) part {
	return protowire.AppendFixed32(protowire.AppendTag(nil, number, protowire.Fixed32Type), math.Float32bits(v))
}

func message(number protowire.Number, parts ...part) part {
	return text(number, string(join(parts...)))
}

func packed(number protowire.Number, v ...int64) part {
	var raw part
	for _, x := range v {
		raw = protowire.AppendVarint(raw, uint64(x))
	}
	return text(number, string(raw))
}

// node encodes a node: "a b" are its inputs, then its outputs.
func node(op, inputs, outputs string, more ...part) part {
	p := join(text(4, op), join(more...))
	for _, name := range strings.Fields(inputs) {
		if name == "-" {
			name = ""
		}
		p = append(p, text(1, name)...)
	}
	for _, name := range strings.Fields(outputs) {
		p = append(p, text(2, name)...)
	}
	return text(1, string(p))
}

func nodeName(name string) part { return text(3, name) }

func domain(name string) part { return text(7, name) }

func attrInt(name string, v int64) part {
	return message(5, text(1, name), num(3, v), num(20, int64(onnx.AttributeInt)))
}

func attrInts(name string, v ...int64) part {
	return message(5, text(1, name), packed(8, v...), num(20, int64(onnx.AttributeInts)))
}

func attrString(name, v string) part {
	return message(5, text(1, name), text(4, v), num(20, int64(onnx.AttributeString)))
}

// value encodes what is in field 11 or 12 of a graph: sizes are numbers or symbols.
func value(number protowire.Number, name string, dtype onnx.DataType, dims ...any) part {
	var shape part
	for _, d := range dims {
		switch d := d.(type) {
		case int:
			shape = append(shape, message(1, num(1, int64(d)))...)
		case string:
			shape = append(shape, message(1, text(2, d))...)
		}
	}
	return message(number, text(1, name), message(2, message(1, num(1, int64(dtype)), message(2, shape))))
}

func graphInput(name string, dims ...any) part { return value(11, name, onnx.Float, dims...) }

func graphOutput(name string) part { return message(12, text(1, name)) }

// initializer encodes a tensor with fields that hold its elements.
func initializer(name string, dtype onnx.DataType, dims []int64, elements ...part) part {
	return message(5, tensorProto(name, dtype, dims, elements...))
}

func tensorProto(name string, dtype onnx.DataType, dims []int64, elements ...part) part {
	return join(packed(1, dims...), num(2, int64(dtype)), text(8, name), join(elements...))
}

// model encodes a model of some version of the operators.
func model(opset int64, graph ...part) part {
	return join(num(1, 8), message(7, append([]part{text(2, "g")}, graph...)...), message(8, num(2, opset)),
		message(8, text(1, "com.microsoft"), num(2, 1)), message(8, text(1, "unused.domain"), num(2, 7)))
}

// save writes a model to a file of its own.
func save(t testing.TB, p part) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.onnx")
	if err := os.WriteFile(path, p, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// problems returns what is wrong with a model, all of it.
func problems(t testing.TB, p part) string {
	t.Helper()
	m, err := onnx.Parse(p)
	if err != nil {
		return err.Error()
	}
	defer m.Close()
	if _, err = m.Network(nil); err != nil {
		return err.Error()
	}
	return ""
}
