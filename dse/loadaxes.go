package dse

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/dse/space"
	"github.com/convsim/convsim/dse/template"
	"github.com/convsim/convsim/internal/strictyaml"
)

// axes makes the space. An axis must name a hardware key, and some of its values must be legal for it.
func (l *loader) axes() error {
	var all []space.Axis
	for i := 0; i < len(l.file.Axes); {
		end := i + 1
		for zip := l.file.Axes[i].zip; zip > 0 && end < len(l.file.Axes) && l.file.Axes[end].zip == zip; end++ {
		}
		if axis, ok := l.axis(l.file.Axes[i:end]); ok {
			all = append(all, axis)
		}
		i = end
	}
	if err := l.positions.Err(); err != nil {
		return err
	}
	sp, err := space.New(all...)
	if err != nil {
		l.report("axes", err)
		return l.positions.Err()
	}
	l.sweep.space = sp
	for _, axis := range all {
		l.sweep.Definition.Axes = append(l.sweep.Definition.Axes, defineAxis(axis))
	}
	l.sweep.template, err = template.New(l.sweep.Definition.Hardware, sp.Names())
	return err
}

// axis makes one axis of a file's axis, or of those of a zip.
func (l *loader) axis(files []axisFile) (space.Axis, bool) {
	var single []space.Axis
	for _, f := range files {
		axis, err := l.single(f)
		if err == nil {
			err = l.checkKey(f.name, axis)
		}
		if err != nil {
			l.report(f.path, err)
			continue
		}
		single = append(single, axis)
	}
	if len(single) < len(files) {
		return space.Axis{}, false
	}
	if len(files) == 1 && files[0].zip == 0 {
		return single[0], true
	}
	zipped, err := space.Zip(single...)
	if err != nil {
		l.report(files[0].path, err)
	}
	return zipped, err == nil
}

func (l *loader) single(f axisFile) (space.Axis, error) {
	rule := f.values.rule
	switch {
	case rule.Range != nil:
		return space.Range(f.name, rule.Range[0].value, rule.Range[1].value, rule.Range[2].value)
	case rule.PowersOfTwo != nil:
		return space.PowersOfTwo(f.name, rule.PowersOfTwo[0], rule.PowersOfTwo[1])
	case rule.DivisorsOf != nil:
		n := rule.DivisorsOf.number
		if rule.DivisorsOf.size != "" {
			n = l.sweep.sizeOf(rule.DivisorsOf.size)
		}
		low, high := int64(1), int64(math.MaxInt64)
		if rule.Min != nil {
			low = *rule.Min
		}
		if rule.Max != nil {
			high = *rule.Max
		}
		return space.Divisors(f.name, n, low, high)
	}
	return space.List(f.name, f.values.list...)
}

// checkKey sets a key of the base to values of its axis, one after the other until one is legal. What is wrong with the
// key itself is wrong with the first value too.
func (l *loader) checkKey(key string, axis space.Axis) error {
	t, err := template.New(l.sweep.Definition.Hardware, []string{key})
	if err != nil {
		return err
	}
	var first error
	for i := range axis.Len() {
		_, err := configs.ParseHardware("", t.Fill(nil, []space.Value{axis.Value(i, 0)}))
		if err == nil || !concerns(err, key) {
			return nil
		}
		if first == nil {
			first = fmt.Errorf("no value is legal: %s", template.OneLine(err))
			if unknownKey(err) {
				return fmt.Errorf("names no hardware key: %s", template.OneLine(err))
			}
		}
	}
	return first
}

// concerns says whether a mistake is about the key: not about another one that goes with it.
func concerns(err error, key string) bool {
	var list *strictyaml.Errors
	if !errors.As(err, &list) {
		return true
	}
	for _, m := range list.List {
		if strings.HasPrefix(key, m.Key) || strings.HasPrefix(m.Key, key) {
			return true
		}
	}
	return false
}

func unknownKey(err error) bool { return strings.Contains(err.Error(), ": unknown key") }

// report records an error, which may be several, at a key of the sweep file.
func (l *loader) report(path string, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		l.positions.AddMessage(path, line)
	}
}
