package mapping

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
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
	Orders    map[int]Order    // of products of matrices, by number of the graph's node
	// Plain are the types of tensors as the model has them, where a run of it is one frame
	// of the graph here; nil where the model's own axes are frames.
	Plain map[string]network.Type

	meeting map[int]int // edges where streams meet that Settle makes as deep as they get, at least so deep
}

// Order is how a product of matrices is seen as a convolution of a row of pixels: the
// order in which the axes of the stream cross, and those of the result. The last axis are
// the channels.
type Order struct{ In, Out []int }

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
	own    *configs.Hardware // of the node at hand
	layer  string            // its name
	number int               // and its number in the graph
	names  map[string]bool   // layers
	made   map[string]feed   // by tensor, as it leaves the block that makes it
	ample  bool              // FIFOs where streams meet hold a frame
	errs   []error
}

// NetPass is one step from a network and a hardware to a plan.
type NetPass struct {
	Name string
	run  func(*net) error
}

// StreamingNetwork are the passes that make one pipeline of a network: hardware of
// its own for every layer.
var StreamingNetwork = []NetPass{
	{"fold", (*net).constants}, // what follows from constants alone
	{"frames", (*net).frames},  // what crosses the machine at a time
	{"infer", (*net).infer},    // the type of every tensor
	{"blocks", (*net).blocks},  // a chain of blocks for every node, folded as its channels divide
	{"forks", (*net).forks},    // where a tensor has several readers, or none
	{"widths", (*net).widths},  // where the lanes of neighbours differ
	{"depths", (*net).depths},  // the FIFOs between all blocks
	{"check", (*net).check},    // that everything fits
}

// MapNetwork plans a network on a hardware: every layer gets hardware of its own,
// folded as the file says as far as its channels divide. The error holds all
// operators that have no stage.
func MapNetwork(hw *configs.Hardware, g *network.Graph) (*Net, error) {
	n, err := MapUnsettled(hw, g)
	if err != nil {
		return nil, err
	}
	return n, n.Settle(clock.Options{}, nil)
}

// MapUnsettled is MapNetwork for those who have other things to do before they need the depths
// of FIFOs where streams meet, which Settle takes some time to find.
func MapUnsettled(hw *configs.Hardware, g *network.Graph) (*Net, error) {
	if err := streaming(hw); err != nil {
		return nil, err
	}
	n, err := newNet(hw, g).run()
	if err != nil {
		return nil, err
	}
	return n, fits(hw, n)
}

// Ample is MapNetwork for those who size the FIFOs themselves: where streams meet, they
// hold a frame, whether they ever do or not.
func Ample(hw *configs.Hardware, g *network.Graph) (*Net, error) {
	if err := streaming(hw); err != nil {
		return nil, err
	}
	n := newNet(hw, g)
	n.ample = true
	return n.run()
}

// fits refuses what the file says of layers and FIFOs that the networks, the steps of
// one, have not got.
func fits(hw *configs.Hardware, list ...*Net) error {
	var layers, edges []string
	for _, n := range list {
		for _, node := range n.Plan.Nodes {
			layers = append(layers, node.Layer)
		}
		for _, e := range n.Plan.Edges {
			edges = append(edges, e.Name)
		}
	}
	return errors.Join(hw.CheckLayers(layers), hw.CheckEdges(LayerEdges(), edges))
}

// streaming refuses a hardware that has one array for all layers.
func streaming(hw *configs.Hardware) error {
	if hw.Mode == configs.Layerwise {
		return hw.Wrong("mode", string(hw.Mode), "streaming, where one pipeline is asked for: a layer, a sweep; layerwise runs models")
	}
	return nil
}

func mapAny(hw *configs.Hardware, g *network.Graph) (*Net, error) {
	n, err := newNet(hw, g).run()
	if err != nil {
		return nil, err
	}
	return n, n.Settle(clock.Options{}, nil)
}

func newNet(hw *configs.Hardware, g *network.Graph) *net {
	return &net{hw: hw, made: map[string]feed{}, names: map[string]bool{},
		Net: &Net{Graph: g, Plan: &pipeline.Plan{}, Tensors: map[string]Place{}, Arrays: map[int]int{}, Spreads: map[int]Spread{}, Orders: map[int]Order{}}}
}

// run goes through the passes.
func (n *net) run() (*Net, error) {
	for _, p := range StreamingNetwork {
		if err := p.run(n); err != nil {
			return nil, err
		}
	}
	return n.Net, nil
}

// infer finds the type of every tensor.
func (n *net) infer() (err error) {
	n.Types, err = n.Graph.Types()
	return err
}

// blocks adds the blocks of all nodes, and the ends.
func (n *net) blocks() error {
	for _, in := range n.Graph.Inputs {
		n.input(in)
	}
	for i, node := range n.Graph.Nodes {
		n.number = i
		n.node(node)
	}
	for _, name := range n.Graph.Outputs {
		n.output(name)
	}
	return errors.Join(n.errs...)
}

// edit changes the plan and moves what is noted by the numbers of its nodes.
func (n *net) edit(e pipeline.Edit) {
	plan, moved := n.Plan.Edited(e)
	constants := make([]flow.Constants, len(plan.Nodes))
	for i, c := range n.Constants {
		constants[moved[i]] = c
	}
	for _, list := range [][]int{n.Inputs, n.Outputs} {
		for i, at := range list {
			list[i] = moved[at]
		}
	}
	for i, at := range n.Arrays {
		n.Arrays[i] = moved[at]
	}
	for name, f := range n.made {
		f.port.Node = moved[f.port.Node]
		n.made[name] = f
	}
	n.Plan, n.Constants = plan, constants
}

// check checks the plan and notes by which edge every tensor leaves the block that
// makes it.
func (n *net) check() error {
	leaves := map[pipeline.Port]int{}
	for i, e := range n.Plan.Edges {
		leaves[e.From] = i
	}
	for name, f := range n.made {
		n.Tensors[name] = Place{leaves[f.port], f.axes}
	}
	return n.Plan.Check()
}

// input adds the source of an input.
func (n *net) input(in network.Input) {
	axes := imageAxes(len(in.Type.Shape))
	if plain, whole := n.Plain[in.Name]; whole && len(plain.Shape) != len(in.Type.Shape) {
		axes = naturalAxes(len(in.Type.Shape))
	}
	s, err := streamOf(in.Type, axes, 1)
	if err != nil {
		n.errs = append(n.errs, fmt.Errorf("input %q: %w", in.Name, err))
		return
	}
	n.begin(in.Name)
	s = withLanes(s, divisor(lastAxis(in.Type, axes), n.own.Array.SIMD))
	from, err := offering(n.hw, s)
	if err != nil {
		n.errs = append(n.errs, err)
		return
	}
	at := n.Plan.Add(n.layer, from)
	n.Inputs = append(n.Inputs, at)
	n.made[in.Name] = feed{pipeline.Port{Node: at}, s, in.Type, axes}
}

// output adds the sink of an output.
func (n *net) output(name string) {
	f, ok := n.take(name)
	if !ok {
		return
	}
	to, err := taking(n.hw, f.stream)
	if err != nil {
		n.errs = append(n.errs, err)
		return
	}
	n.begin(name + ".out")
	at := n.Plan.Add(n.layer, to)
	n.Plan.Join(f.port, pipeline.Port{Node: at})
	n.Outputs = append(n.Outputs, at)
}

// begin begins the layer of a node or tensor.
func (n *net) begin(name string) {
	n.layer = n.unique(name)
	n.own = n.hw.Of(n.layer)
}

// unique is a layer's name for a node or tensor: names of models hold slashes, and
// characters that end a line or a comment where the name is written, and may come twice.
func (n *net) unique(name string) string {
	if name == "" {
		name = "node"
	}
	name = strings.Map(inLayerName, strings.Trim(strings.NewReplacer("/", ".", ":", ".").Replace(name), "."))
	at := name
	for i := 2; n.names[at]; i++ {
		at = fmt.Sprintf("%s_%d", name, i)
	}
	n.names[at] = true
	return at
}

// inLayerName is a character of a layer's name.
func inLayerName(r rune) rune {
	if r == ' ' || !unicode.IsGraphic(r) {
		return '_'
	}
	return r
}

// take is a tensor that streams; its readers share it.
func (n *net) take(name string) (feed, bool) {
	f, ok := n.made[name]
	if ok {
		return f, true
	}
	if _, constant := n.Graph.Constants[name]; constant {
		n.errs = append(n.errs, fmt.Errorf("tensor %q is a constant, where a stream is wanted", name))
	} else if len(n.errs) == 0 {
		n.errs = append(n.errs, fmt.Errorf("tensor %q comes from no stage", name))
	}
	return feed{}, false
}

// chain puts blocks behind a feed and returns where they end.
func (n *net) chain(f feed, blocks ...pipeline.Block) feed {
	for _, b := range blocks {
		_, out := b.Streams()
		f.port, f.stream = add(n.Plan, n.layer, f.port, b), out[0]
	}
	return f
}

// fed adds a block that reads several feeds, and returns what it makes.
func (n *net) fed(b pipeline.Block, t network.Type, axes []int, by ...feed) feed {
	at := n.Plan.Add(n.layer, b)
	for i, f := range by {
		n.Plan.Join(f.port, pipeline.Port{Node: at, Port: i})
	}
	_, out := b.Streams()
	return feed{pipeline.Port{Node: at}, out[0], t, axes}
}

// lanes sees a feed as one of another number of lanes, which must divide its last
// axis; the pass widths puts the converter there.
func (n *net) lanes(f feed, lanes int) feed {
	f.stream = withLanes(f.stream, lanes)
	return f
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
