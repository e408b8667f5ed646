package expr

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalForm(t *testing.T) {
	tests := []struct{ source, want string }{
		{"((a))", "a"},
		{"a+(b*c)", "a + b * c"},
		{"(a+b)*c", "(a + b) * c"},
		{"a-(b-c)", "a - (b - c)"},
		{"(a-b)-c", "a - b - c"},
		{"a**(b**c)", "a ** b ** c"},
		{"(a**b)**c", "(a ** b) ** c"},
		{"-(a**2)", "-a ** 2"},
		{"(-a)**2", "(-a) ** 2"},
		{"a**(-b)", "a ** -b"},
		{"-(a+b)", "-(a + b)"},
		{"!(a&&b)", "!(a && b)"},
		{"(a<b)==(c<d)", "(a < b) == (c < d)"},
		{"(a&&b)||c", "a && b || c"},
		{"a&&(b||c)", "a && (b || c)"},
		{"a?b:(c?d:e)", "a ? b : c ? d : e"},
		{"(a?b:c)?d:e", "(a ? b : c) ? d : e"},
		{"a?(b?c:d):e", "a ? b ? c : d : e"},
		{"min( (a) ,b?c:d )", "min(a, b ? c : d)"},
		{"f()", "f()"},
		{`'x'=="it's"`, `"x" == "it's"`},
		{`'say "x"'`, `'say "x"'`},
		{"1000000.0+1E2+0.50", "1000000 + 100 + 0.5"},
		{"1e21", "1e+21"},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			tree, err := Parse(tt.source)
			if err != nil {
				t.Fatal(err)
			}
			if got := tree.String(); got != tt.want {
				t.Errorf("String = %s, want %s", got, tt.want)
			}
		})
	}
}

// anyNode draws trees of every shape, not only those that people write.
func anyNode(t *rapid.T, depth int) *node {
	kinds := []nodeKind{nodeNumber, nodeString, nodeBool, nodeName}
	if depth > 0 {
		kinds = append(kinds, nodeUnary, nodeBinary, nodeBinary, nodeBinary, nodeTernary, nodeCall)
	}
	n := &node{kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	arguments := 0
	switch n.kind {
	case nodeNumber:
		n.number = rapid.Float64Range(0, 1e300).Draw(t, "number")
	case nodeString:
		n.text = rapid.SampledFrom([]string{"", "x", "it's", `"`, "ä"}).Draw(t, "string")
	case nodeBool:
		n.text = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")
	case nodeName:
		n.text = rapid.SampledFrom([]string{"a", "b.c", "_1.2"}).Draw(t, "name")
	case nodeUnary:
		n.text, arguments = rapid.SampledFrom([]string{"-", "!"}).Draw(t, "unary"), 1
	case nodeBinary:
		n.text, arguments = rapid.SampledFrom(operators[:15]).Draw(t, "binary"), 2
	case nodeTernary:
		arguments = 3
	case nodeCall:
		n.text, arguments = "min", rapid.IntRange(0, 3).Draw(t, "arguments")
	}
	for range arguments {
		n.args = append(n.args, anyNode(t, depth-1))
	}
	return n
}

// sameTree compares all but the columns. (A generic diff of nested slices takes exponential time.)
func sameTree(a, b *node) bool {
	return a.kind == b.kind && a.text == b.text && a.number == b.number && slices.EqualFunc(a.args, b.args, sameTree)
}

func TestEveryTreeSurvivesPrinting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyNode(t, rapid.IntRange(0, 5).Draw(t, "depth"))
		printed := want.String()
		got, err := Parse(printed)
		if err != nil {
			t.Fatalf("%s: %v", printed, err)
		}
		if !sameTree(want, got.root) {
			t.Fatalf("%s parses to another tree, which prints as %s", printed, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, source := range []string{
		typical, "", "((a))", "-2 ** -x", "a ? b : c ? d : e", `'x' != "it's"`, "1e+21 // 0.5", "min(a, max(b.c, 2))",
		"1 < 2 < 3", "3x", "\"", "a = b", "((((((", "!!!!fits", "\xff", "fits ? 1 / zero : 'ä'", "fps + dsp * array.pe",
	} {
		f.Add(source)
	}
	names, values := testNames()
	f.Fuzz(func(t *testing.T, source string) {
		tree, err := Parse(source)
		if err != nil {
			return
		}
		printed := tree.String()
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q prints as %q: %v", source, printed, err)
		}
		if !sameTree(tree.root, again.root) {
			t.Fatalf("%q prints as %q, which is another tree: %s", source, printed, again)
		}
		p, err := Compile(source, names)
		if err != nil {
			return
		}
		v, err := p.Eval(values)
		if err == nil && v.Type() == Number && !finite(v.Number()) {
			t.Fatalf("%q is %v", source, v)
		}
	})
}
