package onnx_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

func relu(in, out string) part { return node("Relu", in, out) }

// x1 is a model of some nodes from x to y.
func x1(nodes ...part) part {
	return model(13, join(nodes...), graphInput("x", 1, 1, 4, 4), graphOutput("y"))
}

// nested is a node with graphs within graphs.
func nested(depth int) part {
	p := relu("x", "y")
	for range depth {
		p = node("If", "x", "y", message(5, text(1, "then_branch"), message(6, p), num(20, int64(onnx.AttributeGraph))))
	}
	return p
}

// floats are elements of raw data.
func raw(n int) part { return text(9, strings.Repeat("\x00", n)) }

func TestHostile(t *testing.T) {
	good := x1(relu("x", "y"))
	cases := map[string]struct {
		model part
		want  []string // in the error
	}{
		"empty":               {nil, []string{"the file is empty"}},
		"text":                {part("hello, this is no model"), []string{"no ONNX model"}},
		"truncated":           {good[:len(good)/2], []string{"no ONNX model"}},
		"lying length":        {join(num(1, 8), part{7<<3 | 2, 0xff, 0xff, 0xff, 0xff, 0x7f}), []string{"bytes where 0 are left"}},
		"endless number":      {part{8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, []string{"no valid protobuf"}},
		"wrong wire type":     {num(7, 1), []string{"field 7 has wire type 0; expected: 2"}},
		"no graph":            {num(1, 8), []string{"it holds no graph"}},
		"two graphs":          {join(good, good), []string{"two graphs"}},
		"nested":              {x1(nested(100)), []string{"graphs within graphs, more than 32 deep"}},
		"long name":           {x1(relu(strings.Repeat("x", 5000), "y")), []string{"a name of 5000 bytes; allowed: at most 4096"}},
		"cycle":               {x1(node("Add", "x b", "a"), relu("a", "b"), relu("b", "y")), []string{"in a circle", `"a" <- "b" <- "a"`}},
		"own input":           {x1(node("Add", "x y", "y")), []string{"in a circle", `"y" <- "y"`}},
		"missing input":       {x1(node("Add", "x nowhere", "y", nodeName("sum"))), []string{`node "sum" (Add): input 1, "nowhere", is made by nothing`}},
		"missing output":      {model(13, relu("x", "z"), graphInput("x", 1), graphOutput("y")), []string{`output "y" of the graph is made by nothing`}},
		"no output":           {model(13, relu("x", "z"), graphInput("x", 1)), []string{"the graph has no output"}},
		"made twice":          {x1(relu("x", "y"), node("Abs", "x", "y")), []string{`its output "y" is the name of another tensor too`}},
		"made of an input":    {x1(relu("x", "x"), relu("x", "y")), []string{`its output "x" is the name of another tensor too`}},
		"input twice":         {model(13, relu("x", "y"), graphInput("x", 1), graphInput("x", 1), graphOutput("y")), []string{`an input is named "x"`}},
		"initializer twice":   {x1(initializer("w", onnx.Float, []int64{1}, raw(4)), initializer("w", onnx.Float, []int64{1}, raw(4)), relu("x", "y")), []string{`an initializer is named "w"`}},
		"raw too short":       {x1(initializer("w", onnx.Float, []int64{1000, 1000, 1000}, raw(8)), relu("x", "y")), []string{`initializer 0: "w": float32 [1000 1000 1000] holds 8 bytes of raw data; expected: 4000000000`}},
		"typed too short":     {x1(initializer("w", onnx.Int64, []int64{5}, packed(7, 1, 2)), relu("x", "y")), []string{"int64 [5] holds 2 elements; expected: 5"}},
		"negative size":       {x1(initializer("w", onnx.Float, []int64{-1}), relu("x", "y")), []string{"shape [-1]"}},
		"overflowing size":    {x1(initializer("w", onnx.Float, []int64{1 << 40, 1 << 40}), relu("x", "y")), []string{"[1099511627776 1099511627776]"}},
		"byte out of range":   {x1(initializer("w", onnx.Int8, []int64{1}, packed(5, 300)), node("Cast", "w", "v", attrInt("to", 1)), node("Add", "x v", "y")), []string{"element 0 is 300; allowed: -128..127"}},
		"escapes":             {x1(node("Add", "x \x1b[31m", "y", nodeName("\x00\"\n"))), []string{`node "\x00\"\n" (Add): input 1, "\x1b[31m"`}},
		"huge constant":       {x1(initializer("n", onnx.Int64, []int64{1}, packed(7, 1<<50)), node("ConstantOfShape", "n", "c"), node("Add", "x c", "y")), []string{"ConstantOfShape"}},
		"huge range":          {x1(initializer("a", onnx.Int64, nil, packed(7, 0)), initializer("b", onnx.Int64, nil, packed(7, 1<<50)), initializer("d", onnx.Int64, nil, packed(7, 1)), node("Range", "a b d", "c"), node("Add", "x c", "y")), []string{"are too many"}},
		"huge input":          {model(13, relu("x", "y"), graphInput("x", 1<<20, 1<<20), graphOutput("y")), []string{"allowed: at most"}},
		"future operators":    {model(23, relu("x", "y"), graphInput("x", 1), graphOutput("y")), []string{"version 23 of ONNX's operators; supported: 6..22"}},
		"sequence":            {model(13, relu("x", "y"), message(11, text(1, "x"), message(2, message(4))), graphOutput("y")), []string{`input "x" is a sequence; supported: tensors`}},
		"division by nothing": {x1(initializer("z", onnx.Int64, nil, packed(7, 0)), node("Div", "z z", "c"), node("Add", "x c", "y")), []string{"division by 0"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := problems(t, c.model)
			if got == "" {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("got: %.500s\nwant: %s", got, want)
				}
			}
			if strings.ContainsAny(got, "\x1b\x00") {
				t.Errorf("control characters in %q", got)
			}
		})
	}
}

// Every prefix of a model is an error or a model, never a crash.
func TestTruncated(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(suite(t, "onnx_export"), "conv_reflect.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	if got := problems(t, whole); got != "" {
		t.Fatal(got)
	}
	for n := range whole {
		problems(t, whole[:n])
	}
}

// A million nodes are refused without much memory.
func TestManyNodes(t *testing.T) {
	var nodes part
	for range 1_000_000 {
		nodes = append(nodes, relu("x", "y")...)
	}
	path := save(t, model(13, nodes, graphInput("x", 1), graphOutput("y")))
	nodes = nil
	checkMemory(t, func() {
		if _, err := onnx.Read(path); err == nil || !strings.Contains(err.Error(), "more than 32768 nodes") {
			t.Errorf("got %v", err)
		}
	})
}

// As many nodes as are allowed, in a chain, work.
func TestLongChain(t *testing.T) {
	var nodes part
	names := []string{"x"}
	for i := range 1<<15 - 1 {
		names = append(names, "t"+string(rune('a'+i%26))+strings.Repeat("i", 3)+itoa(i))
		nodes = append(nodes, relu(names[i], names[i+1])...)
	}
	nodes = append(nodes, relu(names[len(names)-1], "y")...)
	path := save(t, model(13, nodes, graphInput("x", 1), graphOutput("y")))
	nodes, names = nil, nil
	checkMemory(t, func() {
		m, err := onnx.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if c := m.Convert(nil); len(c.Problems) > 0 {
			t.Fatal(c.Problems[0])
		}
	})
}

// Very many problems are counted, not kept.
func TestManyProblems(t *testing.T) {
	var nodes part
	last := ""
	for i := range 1<<15 - 1 {
		nodes = append(nodes, node("Bad", "x", "t"+itoa(i))...)
		last += " t" + itoa(i)
	}
	path := save(t, model(13, nodes, node("Sum", last, "y"), graphInput("x", 1), graphOutput("y")))
	nodes, last = nil, ""
	checkMemory(t, func() {
		m, err := onnx.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		c := m.Convert(nil)
		if n := len(c.Problems); n != 101 || c.Problems[100].Error() != "and 32667 more problems" {
			t.Errorf("%d problems, the last: %v", n, c.Problems[n-1])
		}
	})
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// checkMemory fails if f makes the heap grow by 100 MB or more.
func checkMemory(t *testing.T, f func()) {
	t.Helper()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys-after.HeapReleased) - int64(before.HeapAlloc); grown > 100<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}
