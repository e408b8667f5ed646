package expr

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testNames is a design as a sweep knows it, with testValues by slot.
func testNames() (*Names, []Value) {
	names, err := NewNames(
		Name{Name: "array.pe", Type: Number},
		Name{Name: "array.simd", Type: Number},
		Name{Name: "window.style", Type: String, Values: []string{"serial", "parallel"}},
		Name{Name: "fits", Type: Bool},
		Name{Name: "fps", Type: Number},
		Name{Name: "dsp", Type: Number},
		Name{Name: "zero", Type: Number},
		Name{Name: "steady_interval", Type: Number},
		Name{Name: "broken", Type: Number},
		Name{Name: "workload", Type: String},
	)
	if err != nil {
		panic(err)
	}
	return names, []Value{
		NumberValue(8), NumberValue(3), StringValue("serial"), BoolValue(true), NumberValue(62.5), NumberValue(220),
		NumberValue(0), {}, NumberValue(math.NaN()), StringValue(`a "b"`),
	}
}

func TestEval(t *testing.T) {
	tests := []struct{ source, want string }{
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"10 - 4 - 3", "3"},
		{"2 ** 3 ** 2", "512"},
		{"-2 ** 2", "-4"},
		{"(-2) ** 2", "4"},
		{"2 ** -1", "0.5"},
		{"- - 3", "3"},
		{"7 / 2", "3.5"},
		{"7 // 2", "3"},
		{"-7 // 2", "-4"},
		{"7 % 3", "1"},
		{"-7 % 3", "2"},
		{"7 % -3", "-2"},
		{"-6 % 3", "0"},
		{"24 / 4 / 2 * 3", "9"},
		{"1e3 + 2.5E-1", "1000.25"},
		{"array.pe * array.simd", "24"},
		{"ceil(10 / array.simd)", "4"},
		{"floor(-0.5) + abs(-2) + sqrt(9) + log2(array.pe) + pow(2, 5)", "39"},
		{"min(3, 1, 2) + max(3, 1, 2) * 10", "31"},
		{"1 < 2", "true"}, {"2 <= 2", "true"}, {"2 < 2", "false"}, {"3 > 2", "true"}, {"2 >= 3", "false"},
		{"1 == 1.0", "true"}, {"1 != 1", "false"}, {"fits == true", "true"}, {"fits != (1 > 2)", "true"},
		{`window.style == "serial"`, "true"},
		{`window.style != 'serial'`, "false"},
		{`workload == 'a "b"'`, "true"},
		{"dsp <= 1728 && fps >= 30", "true"},
		{"dsp > 1728 || fps >= 30 && !fits", "false"},
		{"true || false && false", "true"},
		{"!fits == false", "true"},
		{"fits ? 1 : 2", "1"},
		{"!fits ? 1 : dsp > 1000 ? 2 : 3", "3"},
		{`(fits ? "x" : "y") == "x"`, "true"},
		{"fits ? fps > 1 : false", "true"},
		{"zero != 0 && 1 / zero > 2", "false"},
		{"zero == 0 || 1 / zero > 2", "true"},
		{"zero == 0 ? 0 : 1 / zero", "0"},
		{"window.style", `"serial"`},
		{"1\n+\t1", "2"},
		{"0.1 + 0.2", "0.30000000000000004"},
		{"2 ** 100", "1.2676506002282294e+30"},
	}
	names, values := testNames()
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			p, err := Compile(tt.source, names)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Eval(values)
			if err != nil || got.String() != tt.want {
				t.Errorf("Eval = %v, %v; want %s", got, err, tt.want)
			}
			if got.Type() != p.Type() {
				t.Errorf("result is %s, program %s", got.Type(), p.Type())
			}
		})
	}
}

func TestEvalMistakes(t *testing.T) {
	tests := []struct{ source, want string }{
		{"5 / zero", "column 3: division by zero: 5 / 0 (5 / zero)"},
		{"1 + dsp // (array.pe - 8)", "column 9: division by zero: 220 // 0 (dsp // (array.pe - 8))"},
		{"dsp % zero", "column 5: division by zero: 220 % 0 (dsp % zero)"},
		{"1 + sqrt(-array.pe)", "column 5: sqrt(-8) is not a finite number"},
		{"log2(zero)", "column 1: log2(0) is not a finite number"},
		{"(-8) ** 0.5", "column 6: -8 ** 0.5 is not a finite number ((-8) ** 0.5)"},
		{"1e308 * 10", "column 7: 1e+308 * 10 is not a finite number (1e+308 * 10)"},
		{"pow(10, 999)", "column 1: pow(10, 999) is not a finite number"},
		{"1 + steady_interval", "column 5: steady_interval is not known here"},
		{"fits && broken > 1", "column 9: broken is NaN, want a finite number"},
		{"!(1 / zero > 1)", "column 5: division by zero: 1 / 0 (1 / zero)"},
		{"1 / zero == 1", "column 3: division by zero: 1 / 0 (1 / zero)"},
		{"1 == 1 / zero", "column 8: division by zero: 1 / 0 (1 / zero)"},
		{"1 < 1 / zero", "column 7: division by zero: 1 / 0 (1 / zero)"},
		{"1 / zero > 1 || true", "column 3: division by zero: 1 / 0 (1 / zero)"},
		{"1 / zero > 1 ? 1 : 2", "column 3: division by zero: 1 / 0 (1 / zero)"},
	}
	names, values := testNames()
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			p, err := Compile(tt.source, names)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Eval(values)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompileMistakes(t *testing.T) {
	const known = "known: array.pe, array.simd, broken, dsp, fits, fps, steady_interval, window.style, workload, zero"
	const want = "want a number, a name, a string or ("
	tests := []struct{ name, source, want string }{
		{"empty", "", "column 1: found the end, " + want},
		{"no operand", "1 +", "column 4: found the end, " + want},
		{"operator first", "* 2", "column 1: found *, " + want},
		{"no operator", "dsp fps", "column 5: found the name fps, want an operator or the end"},
		{"two numbers", "1 2", "column 3: found the number 2, want an operator or the end"},
		{"words of python", "fits and fits", "column 6: found the name and; write &&"},
		{"single =", "dsp = 3", "column 5: found =; write =="},
		{"single &", "fits & fits", "column 6: found &; write &&"},
		{"caret", "2 ^ 3", "column 3: found ^; write **"},
		{"foreign sign", "1 + §", `column 5: found "§", want a number, a name, a string or an operator`},
		{"column in characters", `"äö" == $`, `column 9: found "$", want a number, a name, a string or an operator`},
		{"number runs into a name", "3x + 1", "column 1: found 3x, want a number such as 8, 0.5 or 1e6"},
		{"two points", "1.2.3", "column 1: found 1.2.3, want a number such as 8, 0.5 or 1e6"},
		{"hexadecimal", "0x10", "column 1: found 0x10, want a number such as 8, 0.5 or 1e6"},
		{"no digits after the point", "1. + 2", "column 1: found 1., want a number such as 8, 0.5 or 1e6"},
		{"beyond float64", "1e999", "column 1: found 1e999, want a number such as 8, 0.5 or 1e6"},
		{"open string", `window.style == "serial`, `column 17: found a string without its closing "`},
		{"open parenthesis", "(1 + 2", "column 7: found the end, want an operator or )"},
		{"closed too often", "1 + 2)", "column 6: found ), want an operator or the end"},
		{"open call", "min(1, 2", "column 9: found the end, want an operator, a comma or )"},
		{"chained comparison", "1 < dsp < 3", "column 9: comparisons do not chain; join them: a < b && b < c"},
		{"chained after a call", "1 < abs(2) == true", "column 12: comparisons do not chain; join them: a < b && b < c"},
		{"half a ternary", "fits ? 1", "column 9: found the end, want : and the value otherwise"},
		{"unknown name", "foo + 1", "column 1: unknown name foo; " + known},
		{"misspelt name", "arry.pe", "column 1: unknown name arry.pe; did you mean array.pe? " + known},
		{"swapped letters", "fsp > 1", "column 1: unknown name fsp; did you mean fps? " + known},
		{"last part only", "2 * simd", "column 5: unknown name simd; did you mean array.simd? " + known},
		{"unknown function", "flor(2)", "column 1: unknown function flor; did you mean floor? known: abs, ceil, floor, log2, max, min, pow, sqrt"},
		{"function without call", "min + 1", "column 1: min is a function; write min(...)"},
		{"too many arguments", "sqrt(1, 2)", "column 1: sqrt takes 1 argument, found 2"},
		{"too few arguments", "1 + max(1)", "column 5: max takes 2 or more arguments, found 1"},
		{"pow takes two", "pow(1)", "column 1: pow takes 2 arguments, found 1"},
		{"no arguments", "abs()", "column 1: abs takes 1 argument, found 0"},
		{"bool in arithmetic", "1 + fits", "column 5: + takes numbers, found a bool (fits)"},
		{"string in order", `window.style < 3`, "column 1: < takes numbers, found a string (window.style)"},
		{"number in logic", "dsp && fits", "column 1: && takes bools, found a number (dsp)"},
		{"not a number", "!dsp", "column 2: ! takes bools, found a number (dsp)"},
		{"minus bool", "-fits", "column 2: - takes numbers, found a bool (fits)"},
		{"string to function", `abs("x")`, `column 5: abs takes numbers, found a string ("x")`},
		{"types of ==", `dsp == "8"`, `column 5: == compares values of one type, found a number (dsp) and a string ("8")`},
		{"a value it never has", `window.style == "seral"`,
			`column 17: window.style is never "seral"; did you mean serial? known: parallel, serial`},
		{"a value it never has, turned round", `"x" != window.style`,
			`column 1: window.style is never "x"; known: parallel, serial`},
		{"condition", "dsp ? 1 : 2", "column 1: ?: takes a bool before the ?, found a number (dsp)"},
		{"branches", "fits ? 1 : false", "column 6: ?: takes two values of one type, found a number (1) and a bool (false)"},
		{"all at once", "foo + sqrt(1, 2) * (fits + bar)", strings.Join([]string{
			"column 1: unknown name foo; " + known,
			"column 7: sqrt takes 1 argument, found 2",
			"column 21: + takes numbers, found a bool (fits)",
			"column 28: unknown name bar; " + known}, "\n")},
		{"in order of columns", "max(foo)", "column 1: max takes 2 or more arguments, found 1\ncolumn 5: unknown name foo; " + known},
		{"too deep", strings.Repeat("(", 300), "column 101: the expression is nested more than 200 deep"},
		{"too long", strings.Repeat("1+", 6000), "column 10002: the expression has more than 10000 words"},
	}
	names, _ := testNames()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Compile(tt.source, names)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompileAsChecksTheResult(t *testing.T) {
	names, _ := testNames()
	_, err := CompileAs(Bool, "dsp + 1", names)
	if err == nil || err.Error() != "column 5: the expression is a number, want a bool" {
		t.Errorf("error %v", err)
	}
	if _, err := CompileAs(Number, "dsp + 1", names); err != nil {
		t.Error(err)
	}
}

func TestExcerptPointsAtTheColumn(t *testing.T) {
	names, _ := testNames()
	_, err := Compile("dsp <=\n1728 && fsp > 30", names)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v holds no *Error", err)
	}
	want := "dsp <= 1728 && fsp > 30\n               ^"
	if diff := cmp.Diff(want, e.Excerpt()); diff != "" {
		t.Errorf("excerpt (-want +got):\n%s", diff)
	}
}

func TestNamesMistakes(t *testing.T) {
	_, err := NewNames(Name{Name: "a b", Type: Number}, Name{Name: "", Type: Number}, Name{Name: " a", Type: Number},
		Name{Name: "min", Type: Number}, Name{Name: "true", Type: Bool}, Name{Name: "x"},
		Name{Name: "y", Type: Number}, Name{Name: "y", Type: Bool}, Name{Name: "1.5", Type: Number})
	const want = ": want a letter or _, then letters, digits, _ and dots"
	lines := strings.Join([]string{
		`name "a b"` + want, `name ""` + want, `name " a"` + want,
		`name "min" is a word of the expression language`, `name "true" is a word of the expression language`,
		`name "x" has no type`, `name "y" is given twice`, `name "1.5"` + want,
	}, "\n")
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(lines, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestNamesAreACopy(t *testing.T) {
	styles := []string{"serial"}
	names, err := NewNames(Name{Name: "style", Type: String, Values: styles})
	if err != nil {
		t.Fatal(err)
	}
	styles[0] = "parallel"
	if _, err := Compile(`style == "serial"`, names); err != nil {
		t.Error(err)
	}
}

func TestDerivedNamesAndUses(t *testing.T) {
	names, values := testNames()
	before, err := Compile("fps * 2 + array.simd + fps", names)
	if err != nil {
		t.Fatal(err)
	}
	slot, err := names.Add(Name{Name: "double", Type: Number})
	if err != nil || slot != names.Len()-1 {
		t.Fatalf("slot %d of %d, error %v", slot, names.Len(), err)
	}
	after, err := Compile("double > 100", names)
	if err != nil {
		t.Fatal(err)
	}
	x, err := before.Number(values)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := after.Bool(append(values, NumberValue(x))); err != nil || !b {
		t.Errorf("double > 100 is %v, %v", b, err)
	}
	if diff := cmp.Diff([]int{1, 4}, before.Uses()); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{slot}, after.Uses()); diff != "" {
		t.Errorf("slots (-want +got):\n%s", diff)
	}
}

func TestBrokenUsePanics(t *testing.T) {
	names, values := testNames()
	p, err := Compile("fps > 1", names)
	if err != nil {
		t.Fatal(err)
	}
	wrong := append([]Value{}, values...)
	wrong[4] = BoolValue(true)
	for name, f := range map[string]func(){
		"too few values":        func() { _, _ = p.Eval(values[:4]) },
		"a value of wrong type": func() { _, _ = p.Eval(wrong) },
		"bool as number":        func() { _, _ = p.Number(values) },
		"string as bool":        func() { StringValue("x").Bool() },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

const typical = `window.style == "serial" && ceil(dsp / array.pe) ** 2 <= 1728 && (fits ? fps : min(fps, 30)) >= 30 || dsp % 2 == 1`

func TestEvalDoesNotAllocate(t *testing.T) {
	names, values := testNames()
	for _, source := range []string{typical, "max(fps, dsp, 3) // 2", "window.style"} {
		p, err := Compile(source, names)
		if err != nil {
			t.Fatal(err)
		}
		n := testing.AllocsPerRun(100, func() {
			if _, err := p.Eval(values); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations, want 0", source, n)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	names, values := testNames()
	p, err := Compile(typical, names)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Bool(values); err != nil {
			b.Fatal(err)
		}
	}
}
