package mapping

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// forks gives tensors to all their readers; what nobody reads ends in a sink.
func (n *net) forks() error {
	n.edit(pipeline.Edit{Fork: func(from pipeline.Node, out pipeline.Port, readers int) pipeline.Block {
		_, streams := from.Block.Streams()
		switch {
		case readers > 1:
			return wiring.Fork{Stream: streams[out.Port], Branches: readers, Style: n.forkStyle(from.Layer, readers)}
		case readers == 0:
			return wiring.Sink{Stream: streams[out.Port], Pattern: clock.Always{}}
		}
		return nil
	}})
	return errors.Join(n.errs...)
}

// forkStyle is that of the layer whose output is shared.
func (n *net) forkStyle(layer string, readers int) wiring.ForkStyle {
	switch n.hw.Of(layer).Fork {
	case configs.AllFork:
		return wiring.AllOrNothing
	case configs.TapFork:
		if readers != 2 {
			n.errs = append(n.errs, n.hw.WrongOf(layer, "fork", string(configs.TapFork),
				fmt.Sprintf("eager or all, where %d stages read what layer %s makes; a tap has two branches", readers, layer)))
			return wiring.Eager
		}
		return wiring.Tap
	}
	return wiring.Eager
}

// widths puts converters where the lanes of neighbours differ.
func (n *net) widths() error {
	n.edit(pipeline.Edit{Between: func(e pipeline.Edge) []pipeline.Block {
		in, _ := n.Plan.Nodes[e.To.Node].Block.Streams()
		return converters(e.Stream, in[e.To.Port], n.hw.Of(n.Plan.Nodes[e.From.Node].Layer).Width)
	}})
	return nil
}

// converters are one where one width divides the other or the style takes any two,
// else two, over their least common multiple where that fills rows, over their
// greatest common divisor elsewhere.
func converters(a, b sched.Stream, style configs.WidthStyle) []pipeline.Block {
	b.Elem = a.Elem
	if a.Lanes == b.Lanes {
		return nil
	}
	if style == configs.GenericWidth {
		return []pipeline.Block{wiring.Width{In: a, Out: b, Style: wiring.Generic}}
	}
	one := func(a, b sched.Stream) pipeline.Block {
		if style == configs.AdapterWidth {
			return wiring.Adapter{In: a, Out: b, Elements: a.Elements()}
		}
		return wiring.Width{In: a, Out: b}
	}
	if a.Lanes%b.Lanes == 0 || b.Lanes%a.Lanes == 0 {
		return []pipeline.Block{one(a, b)}
	}
	both := a.Lanes / gcd(a.Lanes, b.Lanes) * b.Lanes
	if row := a.Pixels * a.Beats * int64(a.Lanes); a.Rows == b.Rows && row%int64(both) == 0 {
		wide := sched.Stream{Elem: a.Elem, Lanes: both, Rows: a.Rows, Pixels: 1, Beats: row / int64(both)}
		return []pipeline.Block{one(a, wide), one(wide, b)}
	}
	common := gcd(a.Lanes, b.Lanes)
	return []pipeline.Block{one(a, withLanes(a, common)), one(withLanes(b, common), b)}
}
