package clock_test

import (
	"reflect"
	"strings"

	"github.com/convsim/convsim/pipeline/clock"
)

// leaf is a number or flag somewhere in a process or an edge.
type leaf struct {
	part int // which of them
	path string
	at   reflect.Value
}

// leaves lists all of them. Pointers to what is shared or fixed are not
// followed.
func leaves(g *clock.Stepper) []leaf {
	var out []leaf
	var walk func(part int, path string, v reflect.Value)
	walk = func(part int, path string, v reflect.Value) {
		v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem() // fields of other packages too
		switch v.Kind() {
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[clock.EdgeRecord]() {
				return
			}
			for i := range v.NumField() {
				walk(part, path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(part, path+"[]", v.Index(i))
			}
		case reflect.Pointer:
			name := v.Type().Elem().Name()
			if !v.IsNil() && (name == "replay" || name == "port" || name == "turn" && !strings.Contains(path, "port")) {
				walk(part, path, v.Elem())
			}
		case reflect.Interface:
			if v.Type().Name() == "results" {
				walk(part, path, v.Elem().Elem())
			}
		case reflect.Bool, reflect.Int, reflect.Int64:
			out = append(out, leaf{part, path, v})
		}
	}
	for i, p := range g.Parts() {
		v := reflect.ValueOf(p).Elem()
		walk(i, v.Type().Name(), v)
	}
	return out
}

// count reports whether the leaf counts something, and is not one of many.
func (l leaf) count() bool {
	return l.at.Kind() != reflect.Bool && l.at.Type() != reflect.TypeFor[clock.Cycle]() && !strings.Contains(l.path, "[]")
}

func (l leaf) get() int64 {
	if l.at.Kind() == reflect.Bool {
		if l.at.Bool() {
			return 1
		}
		return 0
	}
	return l.at.Int()
}

func (l leaf) set(v int64) {
	if l.at.Kind() == reflect.Bool {
		l.at.SetBool(v != 0)
		return
	}
	l.at.SetInt(v)
}

func values(all []leaf) []int64 {
	out := make([]int64, len(all))
	for i, l := range all {
		out[i] = l.get()
	}
	return out
}

func restore(all []leaf, to []int64) {
	for i, l := range all {
		l.set(to[i])
	}
}
