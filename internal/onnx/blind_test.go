package onnx_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

// TestBehindUnsupported: every operator behind one that is not supported, at any of its
// inputs, adds no mistake of its own about that input, and does not crash.
func TestBehindUnsupported(t *testing.T) {
	for _, domainName := range []string{"", "com.microsoft"} {
		for _, op := range operatorsOf(t, domainName) {
			for _, version := range []int64{6, 13, 22} {
				for inputs := 1; inputs < 8; inputs++ {
					for hidden := range inputs {
						behind(t, domainName, op, version, inputs, hidden)
					}
				}
			}
		}
	}
}

// operatorsOf are the operators of a domain, as the refusal of another one lists them.
func operatorsOf(t *testing.T, domainName string) []string {
	t.Helper()
	text := problems(t, model(13, node("Nope", "x", "y", domain(domainName)), graphInput("x", 1), graphOutput("y")))
	_, list, ok := strings.Cut(text, "supported: ")
	names := strings.Split(strings.TrimSpace(list), ", ")
	if !ok || len(names) < 10 {
		t.Fatalf("%q lists no operators", text)
	}
	return names
}

// behind converts an operator with so many inputs, of which one is unknown.
func behind(t *testing.T, domainName, op string, version int64, inputs, hidden int) {
	t.Helper()
	names := []string{}
	for i := range inputs {
		name := []string{"x", "c", "s", "c", "c", "s", "c", "c", "c"}[i]
		if i == hidden {
			name = "unknown"
		}
		names = append(names, name)
	}
	m := model(version, node("Nope", "x", "unknown"), node(op, strings.Join(names, " "), "y", domain(domainName)),
		initializer("c", onnx.Int64, []int64{2}, packed(7, 1, 1)), initializer("s", onnx.Float, nil, real32(4, 1)),
		graphInput("x", 1, 2, 4, 4), graphOutput("y"))
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%s of version %d with %d inputs, input %d unknown: %v", op, version, inputs, hidden, p)
		}
	}()
	parsed, err := onnx.Parse([]byte(m))
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(parsed.Convert(nil).Problems); !strings.Contains(text, "Nope") {
		t.Errorf("%s: %s", op, text)
	}
}
