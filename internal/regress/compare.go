package regress

import (
	"cmp"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
)

// comparison collects what differs.
type comparison struct{ diffs []Diff }

func (c *comparison) value(key, want, got string) {
	if want != got {
		c.diffs = append(c.diffs, Diff{key, want, got})
	}
}

func (c *comparison) count(key string, want, got int64) {
	c.value(key, fmt.Sprint(want), fmt.Sprint(got))
}

// optional compares a number that is expected, if it is, with one that there may
// be.
func optional[T int64 | float64](c *comparison, key string, want, got *T) {
	if want == nil {
		return
	}
	text := ""
	if got != nil {
		text = digits(*got)
	}
	c.value(key, digits(*want), text)
}

// digits is a number without an exponent.
func digits[T int64 | float64](v T) string {
	if whole := int64(v); T(whole) == v {
		return strconv.FormatInt(whole, 10)
	}
	return strconv.FormatFloat(float64(v), 'f', -1, 64)
}

// compare returns what differs of all that the line expects.
func (l *layerFile) compare(got *layerFile) []Diff {
	var c comparison
	optional(&c, "cycles", l.Cycles, got.Cycles)
	optional(&c, "first_output_cycle", l.FirstOutputCycle, got.FirstOutputCycle)
	optional(&c, "steady_interval", l.SteadyInterval, got.SteadyInterval)
	if l.Stages != nil && got.Stages != nil {
		c.stages(l.Stages, got.Stages)
	}
	if there(&c, "resources", l.Resources, got.Resources) {
		c.numbers("resources", l.Resources, got.Resources)
	}
	if there(&c, "dram", l.Port, got.Port) {
		c.numbers("dram", l.Port, got.Port)
	}
	if l.OutputSHA256 != "" {
		c.value("output_sha256", l.OutputSHA256, got.OutputSHA256)
	}
	if l.Verified != nil {
		c.value("verified", strconv.FormatBool(*l.Verified), truth(got.Verified))
	}
	if l.Overflow != nil || l.Verified != nil && *l.Verified {
		var none overflowFile // outputs do not differ from Conv2d
		c.numbers("overflow", cmp.Or(l.Overflow, &none), cmp.Or(got.Overflow, &none))
	}
	return c.diffs
}

// there reports whether what is expected is there to compare; what is not differs.
func there[T any](c *comparison, key string, want, got *T) bool {
	if want != nil && got == nil {
		c.value(key, fmt.Sprintf("%+v", *want), "")
	}
	return want != nil && got != nil
}

// truth is empty for what was not checked.
func truth(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// stages compares every count of every stage, in stream order, those of stages
// that are gone last.
func (c *comparison) stages(want, got stages) {
	for _, g := range got {
		key := "stages." + g.name
		w, ok := want.of(g.name)
		if !ok {
			c.value(key, "", fmt.Sprint(g.counts))
			continue
		}
		c.count(key+".busy", w.busy, g.counts.busy)
		c.count(key+".starved", w.starved, g.counts.starved)
		c.count(key+".blocked", w.blocked, g.counts.blocked)
		c.count(key+".other", w.other, g.counts.other)
	}
	for _, w := range want {
		if _, ok := got.of(w.name); !ok {
			c.value("stages."+w.name, fmt.Sprint(w.counts), "")
		}
	}
}

// numbers compares structs of whole numbers.
func (c *comparison) numbers(key string, want, got any) {
	w, g := slices.Collect(fields(want)), slices.Collect(fields(got))
	for i := range w {
		c.count(key+"."+w[i].key, w[i].value, g[i].value)
	}
}

// numberField is a field of a struct of whole numbers.
type numberField struct {
	key     string
	value   int64
	leftOut bool // of files: it is what the key left out stands for
}

// fields are those of a struct, given by a pointer, in their order.
func fields(of any) iter.Seq[numberField] {
	v := reflect.ValueOf(of).Elem()
	return func(yield func(numberField) bool) {
		for i := range v.NumField() {
			tag, n := v.Type().Field(i).Tag, v.Field(i).Int()
			if !yield(numberField{tag.Get("yaml"), n, tag.Get("default") == "0" && n == 0}) {
				return
			}
		}
	}
}

// equal reports whether the lines say the same, what is left out included.
func (l *layerFile) equal(other *layerFile) bool { return reflect.DeepEqual(l, other) }
