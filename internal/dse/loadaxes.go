package dse

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/strictyaml"
)

// axes makes the space. An axis must name a hardware key, and some of its values must be legal for it.
func (l *loader) axes() error {
	var all []space.Axis
	for i := 0; i < len(l.file.Axes); {
		end := i + 1
		for zip := l.file.Axes[i].Zip; zip > 0 && end < len(l.file.Axes) && l.file.Axes[end].Zip == zip; end++ {
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
	l.sweep.Axes = sp
	for _, axis := range all {
		l.sweep.Definition.Axes = append(l.sweep.Definition.Axes, definition.Define(axis))
	}
	l.sweep.Template, err = template.New(l.sweep.Definition.Hardware, sp.Names())
	return err
}

// axis makes one axis of a file's axis, or of those of a zip.
func (l *loader) axis(files []sweepfile.Axis) (space.Axis, bool) {
	var single []space.Axis
	for _, f := range files {
		axis, err := l.single(f)
		if err == nil {
			err = l.checkKey(f.Name, axis)
		}
		if err != nil {
			l.report(f.Path, err)
			continue
		}
		single = append(single, axis)
	}
	if len(single) < len(files) {
		return space.Axis{}, false
	}
	if len(files) == 1 && files[0].Zip == 0 {
		return single[0], true
	}
	zipped, err := space.Zip(single...)
	if err != nil {
		l.report(files[0].Path, err)
	}
	return zipped, err == nil
}

func (l *loader) single(f sweepfile.Axis) (space.Axis, error) {
	rule := f.Values.Rule
	switch {
	case rule.Range != nil:
		return space.Range(f.Name, rule.Range[0].Value, rule.Range[1].Value, rule.Range[2].Value)
	case rule.PowersOfTwo != nil:
		return space.PowersOfTwo(f.Name, rule.PowersOfTwo[0], rule.PowersOfTwo[1])
	case rule.DivisorsOf != nil:
		n := rule.DivisorsOf.Number
		if rule.DivisorsOf.Size != "" {
			n = l.sweep.sizeOf(rule.DivisorsOf.Size)
		}
		low, high := int64(1), int64(math.MaxInt64)
		if rule.Min != nil {
			low = *rule.Min
		}
		if rule.Max != nil {
			high = *rule.Max
		}
		return space.Divisors(f.Name, n, low, high)
	}
	return space.List(f.Name, f.Values.List...)
}

// checkKey sets a key of the base to values of its axis, one after the other until one is legal. What is wrong with the
// key itself is wrong with the first value too.
func (l *loader) checkKey(key string, axis space.Axis) error {
	if edge, ok := strings.CutPrefix(key, "fifo.edges."); ok && l.sweep.graph == nil && !slices.Contains(mapping.LayerEdges(), edge) {
		return fmt.Errorf("names no hardware key: fifo.edges: no such FIFO, got %s; allowed: %s%s", edge,
			strings.Join(mapping.LayerEdges(), ", "), strictyaml.Suggestion(edge, mapping.LayerEdges()))
	}
	t, err := template.New(l.sweep.Definition.Hardware, []string{key})
	if err != nil {
		return err
	}
	var first error
	for i := range axis.Len() {
		hw, err := configs.ParseHardware("", t.Fill(nil, []space.Value{axis.Value(i, 0)}))
		if err == nil && l.sweep.graph != nil {
			err = hw.CheckLayers(l.sweep.names)
		}
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
