package space

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func rangeAxis(name string, n int) Axis {
	return must(Range(name, Int(0), Int(int64(n-1)), Int(1)))
}

func TestPointsAreNestedLoops(t *testing.T) {
	zipped := must(Zip(must(List("dtype", String("int8"), String("int4"))), must(List("bits", Int(8), Int(4)))))
	s := must(New(must(List("pe", Int(1), Int(2))), zipped, must(List("overlap", Bool(false), Bool(true)))))
	var got []string
	for i := range s.Size() {
		got = append(got, fmt.Sprint(s.Point(i)))
	}
	want := []string{
		"[1 int8 8 false]", "[1 int8 8 true]", "[1 int4 4 false]", "[1 int4 4 true]",
		"[2 int8 8 false]", "[2 int8 8 true]", "[2 int4 4 false]", "[2 int4 4 true]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("points (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"pe", "dtype", "bits", "overlap"}, s.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestCoordsAndIndexAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lengths := rapid.SliceOfN(rapid.IntRange(1, 300), 0, 5).Draw(t, "lengths")
		axes := make([]Axis, len(lengths))
		for i, n := range lengths {
			axes[i] = rangeAxis(fmt.Sprint("p", i), n)
		}
		s := must(New(axes...))
		index := rapid.Int64Range(0, s.Size()-1).Draw(t, "index")
		coords := s.Coords(index)
		if got := s.Index(coords); got != index {
			t.Fatalf("Index(%v) = %d, want %d", coords, got, index)
		}
		for i, v := range s.Point(index) {
			if v.Int() != int64(coords[i]) {
				t.Fatalf("value %v at coordinate %d", v, coords[i])
			}
		}
	})
}

func TestSpaceWithoutAxesIsTheBase(t *testing.T) {
	s := must(New())
	if s.Size() != 1 || len(s.Point(0)) != 0 {
		t.Errorf("Size %d, Point %v", s.Size(), s.Point(0))
	}
}

func TestSpaceMistakes(t *testing.T) {
	million := rangeAxis("a", 1<<20)
	tests := []struct {
		name string
		axes []Axis
		want string
	}{
		{"one parameter twice", []Axis{rangeAxis("a", 2), rangeAxis("b", 2), rangeAxis("a", 3)},
			"axis a: the parameter is set by more than one axis"},
		{"repeated value", []Axis{must(List("a", Int(4), Int(8), Float(4)))}, "axis a: value 3 repeats value 1 (4)"},
		{"repeated pair", []Axis{must(Zip(must(List("a", Int(1), Int(1), Int(1))), must(List("b", Int(2), Int(3), Int(2)))))},
			"axis (a, b): value 3 repeats value 1 (1, 2)"},
		{"all at once", []Axis{{}, must(List("a", Int(4), Int(4))), rangeAxis("a", 2)},
			"axis 1 has no values\naxis a: value 2 repeats value 1 (4)\naxis a: the parameter is set by more than one axis"},
		{"too large", []Axis{million, rangeAxis("b", 1<<20), rangeAxis("c", 1<<20), rangeAxis("d", 5)},
			"the space has 1048576 x 1048576 x 1048576 x 5 points, more than 2^62; drop values or axes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.axes...)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLargestSpace(t *testing.T) {
	s := must(New(rangeAxis("a", 1<<20), rangeAxis("b", 1<<20), rangeAxis("c", 1<<20), rangeAxis("d", 4)))
	if s.Size() != MaxSize {
		t.Fatalf("Size = %d, want 2^62", s.Size())
	}
	if diff := cmp.Diff([]int{1<<20 - 1, 1<<20 - 1, 1<<20 - 1, 3}, s.Coords(MaxSize-1)); diff != "" {
		t.Errorf("coordinates of the last point (-want +got):\n%s", diff)
	}
}

func TestDistinctValuesAreNoRepetition(t *testing.T) {
	for _, pair := range [][2]Value{
		{Int(1), String("1")}, {Bool(true), String("true")}, {Int(1 << 60), Int(1<<60 + 1)}, {String(""), String("\x00")},
	} {
		if _, err := New(must(List("a", pair[0], pair[1]))); err != nil {
			t.Errorf("%v %s and %v %s: %v", pair[0].Kind(), pair[0], pair[1].Kind(), pair[1], err)
		}
	}
}

func TestBrokenUsePanics(t *testing.T) {
	s := must(New(rangeAxis("a", 3)))
	for name, f := range map[string]func(){
		"point past the end":   func() { s.Point(3) },
		"negative point":       func() { s.Coords(-1) },
		"coordinate too large": func() { s.Index([]int{3}) },
		"too few coordinates":  func() { s.Index(nil) },
		"wrong destination":    func() { s.PointInto(0, nil) },
		"string as integer":    func() { String("x").Int() },
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

func TestNoAllocation(t *testing.T) {
	s := must(New(rangeAxis("a", 100), rangeAxis("b", 100), must(List("c", String("x"), String("y")))))
	values, coords := make([]Value, 3), make([]int, 3)
	index := int64(0)
	n := testing.AllocsPerRun(1000, func() {
		s.PointInto(index, values)
		s.CoordsInto(index, coords)
		index = (s.Index(coords) + 7919) % s.Size()
	})
	if n != 0 {
		t.Errorf("%v allocations per point, want 0", n)
	}
}

func TestHugeIntegersSurvive(t *testing.T) {
	if got := Int(math.MinInt64).String(); got != "-9223372036854775808" {
		t.Errorf("Int(MinInt64) = %s", got)
	}
}

func BenchmarkPointInto(b *testing.B) {
	s := must(New(rangeAxis("a", 64), rangeAxis("b", 64), rangeAxis("c", 8), must(List("d", String("x"), String("y")))))
	dst := make([]Value, 4)
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		s.PointInto(i%s.Size(), dst)
	}
}
