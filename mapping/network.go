package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/network"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
	"github.com/convsim/convsim/wiring"
)

// Net is a network as one streaming pipeline: a chain of blocks for every node.
type Net struct {
	Graph     *network.Graph
	Types     map[string]network.Type
	Plan      *pipeline.Plan
	Constants []flow.Constants // by node of the plan
	Inputs    []int            // the sources, in the order of the graph's inputs
	Outputs   []int            // the sinks, in the order of the graph's outputs
	Tensors   map[string]Place // where a tensor can be seen on its way
	Spreads   map[int]Spread   // of transposed convolutions, by number of the graph's node
	Arrays    map[int]int      // the array's node in the plan, by number of the graph's node
}

// Place is an edge that a tensor crosses, and the order in which its axes do,
// outermost first, the batch left out.
type Place struct {
	Edge int
	Axes []int
}

// Unsupported says which operator of which node has no stage.
type Unsupported struct{ Node, Op, Why string }

func (u *Unsupported) Error() string {
	return fmt.Sprintf("node %q: %s has no stage: %s", u.Node, u.Op, u.Why)
}

// feed is a tensor on its way: an output of the plan, and what crosses it.
type feed struct {
	port   pipeline.Port
	stream sched.Stream
	typ    network.Type
	axes   []int // the order of the axes, outermost first
}

// net is a network on its way to a plan.
type net struct {
	*Net
	hw     *configs.Hardware
	feeds  map[string][]feed // what is left to be read, by tensor
	layer  string            // the node at hand
	number int               // and its number in the graph
	names  map[string]bool   // layers
	made   map[string]feed   // by tensor, as it leaves the block that makes it
	errs   []error
}

// MapNetwork plans a network on a hardware: every layer gets hardware of its own,
// folded as the file says as far as its channels divide. The graph must be one
// that its Check finds in order. The error holds all operators that have no stage.
func MapNetwork(hw *configs.Hardware, g *network.Graph) (*Net, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	n := &net{hw: hw, feeds: map[string][]feed{}, made: map[string]feed{}, names: map[string]bool{},
		Net: &Net{Graph: g, Types: types, Plan: &pipeline.Plan{}, Tensors: map[string]Place{}, Arrays: map[int]int{}, Spreads: map[int]Spread{}}}
	uses := n.uses()
	for _, in := range g.Inputs {
		n.input(in, uses)
	}
	for i, node := range g.Nodes {
		n.number = i
		n.node(node, uses)
	}
	for _, name := range g.Outputs {
		n.output(name)
	}
	if err := errors.Join(n.errs...); err != nil {
		return nil, err
	}
	for i := range n.Plan.Edges {
		e := &n.Plan.Edges[i]
		e.Depth, e.Latency = hw.FIFO.Depth, hw.FIFO.Latency
	}
	n.Constants = append(n.Constants, make([]flow.Constants, len(n.Plan.Nodes)-len(n.Constants))...)
	n.place()
	return n.Net, n.Plan.Check()
}

// uses counts how often every tensor that is no constant is read.
func (n *net) uses() map[string]int {
	uses := map[string]int{}
	count := func(name string) {
		if _, constant := n.Graph.Constants[name]; name != "" && !constant {
			uses[name]++
		}
	}
	for _, node := range n.Graph.Nodes {
		for _, name := range node.Inputs {
			count(name)
		}
	}
	for _, name := range n.Graph.Outputs {
		count(name)
	}
	return uses
}

// input adds the source of an input.
func (n *net) input(in network.Input, uses map[string]int) {
	axes := imageAxes(len(in.Type.Shape))
	s, err := streamOf(in.Type, axes, 1)
	if err != nil {
		n.errs = append(n.errs, fmt.Errorf("input %q: %w", in.Name, err))
		return
	}
	s = withLanes(s, divisor(lastAxis(in.Type, axes), n.hw.Array.SIMD))
	d := &Draft{Hardware: n.hw}
	pattern, err := d.pattern("source", n.hw.Source, s.Bits())
	if err != nil {
		n.errs = append(n.errs, err)
		return
	}
	n.layer = n.unique(in.Name)
	at := n.Plan.Add(n.layer, wiring.Source{Stream: s, Pattern: pattern})
	n.Inputs = append(n.Inputs, at)
	n.publish(in.Name, feed{pipeline.Port{Node: at}, s, in.Type, axes}, uses[in.Name])
}

// output adds the sink of an output.
func (n *net) output(name string) {
	f, ok := n.take(name)
	if !ok {
		return
	}
	d := &Draft{Hardware: n.hw}
	pattern, err := d.pattern("sink", n.hw.Sink, f.stream.Bits())
	if err != nil {
		n.errs = append(n.errs, err)
		return
	}
	n.layer = n.unique(name + ".out")
	at := n.Plan.Add(n.layer, wiring.Sink{Stream: f.stream, Pattern: pattern})
	n.Plan.Join(f.port, pipeline.Port{Node: at})
	n.Outputs = append(n.Outputs, at)
}

// place notes by which edge every tensor leaves the block that makes it.
func (n *net) place() {
	leaves := map[pipeline.Port]int{}
	for i, e := range n.Plan.Edges {
		leaves[e.From] = i
	}
	for name, f := range n.made {
		n.Tensors[name] = Place{leaves[f.port], f.axes}
	}
}

// unique is a layer's name for a node or tensor: names of models hold slashes and
// may come twice.
func (n *net) unique(name string) string {
	if name == "" {
		name = "node"
	}
	name = strings.Trim(strings.NewReplacer("/", ".", " ", "_", ":", ".").Replace(name), ".")
	at := name
	for i := 2; n.names[at]; i++ {
		at = fmt.Sprintf("%s_%d", name, i)
	}
	n.names[at] = true
	return at
}

// publish offers a tensor to its readers, through a fork when there are several;
// one that nobody reads ends in a sink.
func (n *net) publish(name string, f feed, readers int) {
	n.made[name] = f
	switch {
	case readers == 0:
		at := n.Plan.Add(n.layer, wiring.Sink{Stream: f.stream, Pattern: clock.Always{}})
		n.Plan.Join(f.port, pipeline.Port{Node: at})
	case readers == 1:
		n.feeds[name] = []feed{f}
	default:
		at := n.Plan.Add(n.layer, wiring.Fork{Stream: f.stream, Branches: readers})
		n.Plan.Join(f.port, pipeline.Port{Node: at})
		for i := range readers {
			branch := f
			branch.port = pipeline.Port{Node: at, Port: i}
			n.feeds[name] = append(n.feeds[name], branch)
		}
	}
}

// take takes one reader's share of a tensor.
func (n *net) take(name string) (feed, bool) {
	left := n.feeds[name]
	if len(left) == 0 {
		if _, constant := n.Graph.Constants[name]; constant {
			n.errs = append(n.errs, fmt.Errorf("tensor %q is a constant, where a stream is wanted", name))
		} else if len(n.errs) == 0 {
			n.errs = append(n.errs, fmt.Errorf("tensor %q comes from no stage", name))
		}
		return feed{}, false
	}
	n.feeds[name] = left[1:]
	return left[0], true
}

// chain puts blocks behind a feed and returns where they end. The edge that a
// tensor leaves by is noted when it is known by name.
func (n *net) chain(f feed, blocks ...pipeline.Block) feed {
	for _, b := range blocks {
		at := n.Plan.Add(n.layer, b)
		n.Plan.Join(f.port, pipeline.Port{Node: at})
		_, out := b.Streams()
		f.port, f.stream = pipeline.Port{Node: at}, out[0]
	}
	return f
}

// lanes converts a feed to a number of lanes, which must divide its last axis as
// the present one does.
func (n *net) lanes(f feed, lanes int) feed {
	have := f.stream.Lanes
	switch {
	case have == lanes:
		return f
	case have%lanes == 0 || lanes%have == 0:
		return n.chain(f, wiring.Width{In: f.stream, Out: withLanes(f.stream, lanes)})
	}
	both := have / gcd(have, lanes) * lanes
	if int64(both) <= f.stream.Beats*int64(have) && f.stream.Beats*int64(have)%int64(both) == 0 {
		f = n.chain(f, wiring.Width{In: f.stream, Out: withLanes(f.stream, both)})
		return n.chain(f, wiring.Width{In: f.stream, Out: withLanes(f.stream, lanes)})
	}
	common := gcd(have, lanes)
	f = n.chain(f, wiring.Width{In: f.stream, Out: withLanes(f.stream, common)})
	return n.chain(f, wiring.Width{In: f.stream, Out: withLanes(f.stream, lanes)})
}

// withLanes is a stream without idle lanes as another width.
func withLanes(s sched.Stream, lanes int) sched.Stream {
	s.Beats = s.Beats * int64(s.Lanes) / int64(lanes)
	s.Lanes = lanes
	return s
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// divisor is the largest divisor of n that is at most the given one.
func divisor(n, most int) int {
	for d := min(n, most); d > 1; d-- {
		if n%d == 0 {
			return d
		}
	}
	return 1
}

// imageAxes is the order of the axes of images: channels innermost.
func imageAxes(rank int) []int {
	var axes []int
	for a := 2; a < rank; a++ {
		axes = append(axes, a)
	}
	if rank > 1 {
		axes = append(axes, 1)
	}
	return axes
}

// naturalAxes is the order in which elements lie in memory.
func naturalAxes(rank int) []int {
	var axes []int
	for a := 1; a < rank; a++ {
		axes = append(axes, a)
	}
	return axes
}

// lastAxis is the size of the innermost axis.
func lastAxis(t network.Type, axes []int) int {
	if len(axes) == 0 {
		return 1
	}
	return t.Shape[axes[len(axes)-1]]
}

// streamOf is the stream of a tensor: its outermost axis are rows, its innermost
// one is spread over lanes.
func streamOf(t network.Type, axes []int, lanes int) (sched.Stream, error) {
	elem := t.DType
	if elem == tensor.Int64 {
		elem = tensor.Int32 // indices: wider than any frame needs
	}
	switch elem {
	case tensor.Int8, tensor.UInt8, tensor.Int4, tensor.UInt4, tensor.Int16, tensor.Int32, tensor.Float32:
	default:
		return sched.Stream{}, fmt.Errorf("%s; allowed: streams of int4 to int32, uint4, uint8 and float32", t)
	}
	if len(t.Shape) == 0 {
		return sched.Stream{}, fmt.Errorf("%s has no batch axis", t)
	}
	s := sched.Stream{Elem: elem, Lanes: lanes, Rows: 1, Pixels: 1, Beats: int64(lastAxis(t, axes)) / int64(lanes)}
	for i, a := range axes {
		switch {
		case i == len(axes)-1:
		case i == 0 && len(axes) > 2:
			s.Rows = int64(t.Shape[a])
		default:
			s.Pixels *= int64(t.Shape[a])
		}
	}
	if s.Frame() == 0 {
		return s, fmt.Errorf("%s has no elements", t)
	}
	return s, nil
}

// sameOrder reports whether two orders of axes give the same sequence: axes of
// size 1 do not matter.
func sameOrder(t network.Type, a, b []int) bool {
	long := func(axes []int) []int {
		return slices.DeleteFunc(slices.Clone(axes), func(x int) bool { return t.Shape[x] == 1 })
	}
	return slices.Equal(long(a), long(b))
}
