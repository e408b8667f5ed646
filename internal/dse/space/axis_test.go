package space

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/kind"
)

// texts are the values of a one-parameter axis as a table shows them.
func texts(a Axis) string {
	parts := make([]string, a.Len())
	for i := range parts {
		parts[i] = a.Value(i, 0).String()
	}
	return strings.Join(parts, " ")
}

func TestAxisValues(t *testing.T) {
	axis := func(a Axis, err error) func(*testing.T) Axis {
		return func(t *testing.T) Axis {
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
	}
	tests := []struct {
		name    string
		axis    func(*testing.T) Axis
		want    string
		kind    kind.Kind
		ordered bool
	}{
		{"list", axis(List("p", Int(8), Int(1), Int(4))), "8 1 4", kind.Integer, false},
		{"falling list", axis(List("p", Int(8), Int(4), Int(1))), "8 4 1", kind.Integer, true},
		{"strings", axis(List("p", String("serial"), String("parallel"))), "serial parallel", kind.String, false},
		{"bools", axis(List("p", Bool(false), Bool(true))), "false true", kind.Bool, false},
		{"integers among floats", axis(List("p", Int(1), Float(1.5))), "1 1.5", kind.Number, true},
		{"mixed", axis(List("p", String("same"), Int(1))), "same 1", 0, false},
		{"range", axis(Range("p", Int(1), Int(10), Int(3))), "1 4 7 10", kind.Integer, true},
		{"range stops before to", axis(Range("p", Int(1), Int(9), Int(3))), "1 4 7", kind.Integer, true},
		{"range down", axis(Range("p", Int(9), Int(0), Int(-4))), "9 5 1", kind.Integer, true},
		{"range of one", axis(Range("p", Int(5), Int(5), Int(1))), "5", kind.Integer, true},
		{"float range keeps its end", axis(Range("p", Int(0), Float(0.3), Float(0.1))), "0 0.1 0.2 0.3", kind.Number, true},
		{"powers of two", axis(PowersOfTwo("p", 1, 64)), "1 2 4 8 16 32 64", kind.Integer, true},
		{"powers of two between", axis(PowersOfTwo("p", 3, 63)), "4 8 16 32", kind.Integer, true},
		{"divisors", axis(Divisors("p", 36, 1, 36)), "1 2 3 4 6 9 12 18 36", kind.Integer, true},
		{"divisors between", axis(Divisors("p", 64, 3, 20)), "4 8 16", kind.Integer, true},
		{"divisors of a prime", axis(Divisors("p", 13, 1, 100)), "1 13", kind.Integer, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.axis(t)
			if diff := cmp.Diff(tt.want, texts(a)); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			if kind, _ := a.Kind(0); kind != tt.kind {
				t.Errorf("Kind = %v, want %v", kind, tt.kind)
			}
			if a.Ordered() != tt.ordered {
				t.Errorf("Ordered = %v, want %v", a.Ordered(), tt.ordered)
			}
		})
	}
}

func TestAxisMistakes(t *testing.T) {
	second := func(_ Axis, err error) error { return err }
	three, _ := List("a", Int(1), Int(2), Int(3))
	two, _ := List("b", Int(1), Int(2))
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"empty list", second(List("p")), "axis p: no values, want at least one"},
		{"no name", second(List("", Int(1))), "axis without a parameter name"},
		{"every bad value", second(List("p", Float(math.NaN()), Int(1), Value{})),
			"axis p: value 1 is NaN, want a finite number\nvalue 3 is empty"},
		{"step 0", second(Range("p", Int(1), Int(2), Int(0))), "axis p: range step is 0, want a positive or a negative number"},
		{"wrong way", second(Range("p", Int(8), Int(1), Int(1))),
			"axis p: range from 8 to 1 in steps of 1 is empty, want a step towards the end"},
		{"too long", second(Range("p", Int(0), Int(1<<40), Int(1))),
			"axis p: range from 0 to 1.099511627776e+12 in steps of 1 has 1099511627777 values, want at most 1048576"},
		{"text bound", second(Range("p", Int(0), String("x"), Int(1))), `axis p: range to is "x", want a number between -2^53 and 2^53`},
		{"power bounds", second(PowersOfTwo("p", 0, 8)), "axis p: powers of two from 0 to 8, want bounds in 1 .. 2^53"},
		{"no power", second(PowersOfTwo("p", 5, 7)), "axis p: no power of two from 5 to 7"},
		{"nothing to divide", second(Divisors("p", 0, 1, 1)), "axis p: divisors of 0, want a number in 1 .. 2^40"},
		{"no divisor", second(Divisors("p", 14, 3, 6)), "axis p: no divisor of 14 from 3 to 6; its divisors are [1 2 7 14]"},
		{"zip lengths", second(Zip(three, two)), "zip of (a, b): lengths differ (a has 3, b has 2), want equal lengths"},
		{"zip of nothing", second(Zip()), "zip of no axes, want at least one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, tt.err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRangesKeepEveryDigit(t *testing.T) {
	a, err := Range("p", Int(1<<53-2), Int(1<<53), Int(1))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := texts(a), "9007199254740990 9007199254740991 9007199254740992"; got != want {
		t.Errorf("values %s, want %s", got, want)
	}
}

func TestListIsACopy(t *testing.T) {
	values := []Value{Int(1), Int(2)}
	a, _ := List("p", values...)
	values[0] = Int(9)
	if got := a.Value(0, 0).Int(); got != 1 {
		t.Errorf("value = %d, want 1", got)
	}
}

func TestValueOf(t *testing.T) {
	for _, v := range []any{int64(7), 2.5, "serial", true} {
		got, err := ValueOf(v)
		if err != nil || got.Any() != v {
			t.Errorf("ValueOf(%v) = %v, %v", v, got.Any(), err)
		}
	}
	if _, err := ValueOf([]int{1}); err == nil {
		t.Error("a list is no scalar, but no error")
	}
}
