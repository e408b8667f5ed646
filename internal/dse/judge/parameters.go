package judge

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/kind"
	"github.com/convsim/convsim/internal/resources"
)

// parameter is a hardware key that every expression may use, whether or not it is an axis.
type parameter struct {
	expr.Name
	of func(*configs.Hardware) expr.Value
}

func count(key string, of func(*configs.Hardware) int) parameter {
	return parameter{expr.Name{Name: key, Type: expr.Number},
		func(h *configs.Hardware) expr.Value { return expr.NumberValue(float64(of(h))) }}
}

var parameters = []parameter{
	{expr.Name{Name: "clock_mhz", Type: expr.Number}, func(h *configs.Hardware) expr.Value { return expr.NumberValue(h.ClockMHz) }},
	count("array.pe", func(h *configs.Hardware) int { return h.Array.PE }),
	count("array.simd", func(h *configs.Hardware) int { return h.Array.SIMD }),
	count("array.group_parallel", func(h *configs.Hardware) int { return h.Array.GroupParallel }),
	count("array.latency", func(h *configs.Hardware) int { return h.Array.Latency }),
	{expr.Name{Name: "window.style", Type: expr.String, Values: []string{string(configs.Serial), string(configs.Parallel)}},
		func(h *configs.Hardware) expr.Value { return expr.StringValue(string(h.Window.Style)) }},
	{expr.Name{Name: "window.frame_overlap", Type: expr.Bool},
		func(h *configs.Hardware) expr.Value { return expr.BoolValue(h.Window.FrameOverlap) }},
	count("window.buffer_depth", func(h *configs.Hardware) int { return h.Window.BufferDepth }),
	count("accumulator.bits", func(h *configs.Hardware) int { return h.Accumulator.Bits }),
	count("fifo.depth", func(h *configs.Hardware) int { return h.FIFO.Depth }),
	count("fifo.latency", func(h *configs.Hardware) int { return h.FIFO.Latency }),
}

// Names are what the expressions of a sweep may use: the parameters, further axes, and the metrics. Derived values
// follow when they are compiled.
type Names struct {
	*expr.Names
	base    []expr.Value // of the parameters, where no axis sets them, and of the board
	Axes    []int        // slot of each key of the space
	Metrics [metric.Count]int
}

func NewNames(sp *space.Space, d *definition.Definition) (*Names, error) {
	base, err := configs.ParseHardware("", []byte(d.Hardware))
	if err != nil {
		return nil, err
	}
	known, err := expr.NewNames()
	if err != nil {
		return nil, err
	}
	n := &Names{Names: known}
	for _, p := range parameters {
		n.add(p.Name)
		n.base = append(n.base, p.of(base))
	}
	n.addBoard(d.Board)
	for a := range sp.Axes() {
		axis := sp.Axis(a)
		for column, key := range axis.Names() {
			if slot, known := n.Slot(key); known {
				n.Axes = append(n.Axes, slot)
				continue
			}
			kind, uniform := axis.Kind(column)
			if !uniform {
				return nil, fmt.Errorf("axis %s: values of different kinds; allowed: all numbers, all texts or all truth values", key)
			}
			n.Axes = append(n.Axes, n.add(expr.Name{Name: n.spoken(key), Type: kind.Computed()}))
		}
	}
	for i, m := range metric.Table {
		n.Metrics[i] = -1
		if d.Applies(i) {
			n.Metrics[i] = n.add(expr.Name{Name: m.Name, Type: m.Kind})
		}
	}
	return n, nil
}

// spoken is a key as expressions name it: layers of networks go by names and patterns
// that hold other characters, which are written as _.
func (n *Names) spoken(key string) string {
	name := strings.Map(func(r rune) rune {
		if r == '.' || r == '_' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, key)
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '.' }), ".")
	for at, i := name, 2; ; i++ {
		if _, known := n.Slot(at); !known {
			return at
		}
		at = fmt.Sprintf("%s_%d", name, i)
	}
}

// addBoard adds what the board has, such as board.dsp.
func (n *Names) addBoard(board *resources.Board) {
	if board == nil {
		return
	}
	for _, r := range resources.Resources() {
		n.add(expr.Name{Name: "board." + strings.ToLower(string(r)), Type: expr.Number})
		n.base = append(n.base, expr.NumberValue(float64(board.Available.Amount().Of(r))))
	}
}

// add adds a name that no user chose.
func (n *Names) add(name expr.Name) int {
	slot, err := n.Add(name)
	if err != nil {
		panic("judge: " + err.Error())
	}
	return slot
}

// SetParameters fills in the slots of the parameters at a legal point. Its values have the types of the keys: hardware
// files convert nothing.
func (n *Names) SetParameters(dst []expr.Value, values []space.Value) {
	copy(dst, n.base)
	for i, slot := range n.Axes {
		dst[slot] = Value(values[i])
	}
}

func (n *Names) SetMetrics(dst []expr.Value, m *metric.Values) {
	for i, slot := range n.Metrics {
		if slot >= 0 {
			dst[slot] = m.Value(i)
		}
	}
}

func Value(v space.Value) expr.Value {
	if x, isNumber := v.Number(); isNumber {
		return expr.NumberValue(x)
	}
	if v.Kind() == kind.Bool {
		return expr.BoolValue(v.Bool())
	}
	return expr.StringValue(v.Text())
}
