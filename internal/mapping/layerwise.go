package mapping

import (
	"cmp"
	"errors"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Step is what the hardware does at a time when all layers share it: a node of the
// network, with the element-wise ones behind it. Its tensors come from the DRAM and go
// back to it. Its plan has ends that are always open; Loading puts them at the port.
type Step struct {
	*Net
	Port      clock.Share
	Constants int64 // bytes of weights, biases and tables of constants that are loaded for it
}

// Steps plans a network layer by layer, in the order of its nodes. The error holds all
// operators that have no stage.
func Steps(hw *configs.Hardware, g *network.Graph) ([]*Step, *Net, error) {
	port, err := steps(hw)
	if err != nil {
		return nil, nil, err
	}
	whole := &net{hw: hw, Net: &Net{Graph: g}}
	for _, pass := range []func() error{whole.constants, whole.frames, whole.infer} {
		if err := pass(); err != nil {
			return nil, nil, err
		}
	}
	groups, err := whole.groups()
	if err != nil {
		return nil, nil, err
	}
	var steps []*Step
	var parts []*Net
	for _, nodes := range groups {
		part := whole.Graph.Part(nodes, whole.Types)
		m, err := mapAny(hw, part)
		if err != nil {
			return nil, nil, err
		}
		steps, parts = append(steps, newStep(m, port)), append(parts, m)
	}
	return steps, whole.Net, fits(hw, parts...)
}

// steps is the port that all of them share.
func steps(hw *configs.Hardware) (clock.Share, error) {
	var errs []error
	for _, end := range []struct {
		key string
		of  configs.Handshake
	}{{"source", hw.Source}, {"sink", hw.Sink}} {
		if end.of.Kind != configs.Full {
			errs = append(errs, hw.Wrong(end.key, "a pattern", "none in mode layerwise: tensors come and go by the port dram"))
		}
	}
	port, err := dram(hw)
	return port, errors.Join(append(errs, err)...)
}

// groups are the nodes of every step: each node that is more than element-wise, with
// those element-wise ones behind it that alone read what it makes.
func (n *net) groups() ([][]int, error) {
	readers := n.Graph.Readers()
	at := map[string]int{} // the group that makes a tensor
	var groups [][]int
	var errs []error
	for i, node := range n.Graph.Nodes {
		m, err := mapAny(n.hw, n.Graph.Part([]int{i}, n.Types))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		group := len(groups)
		if in := m.Graph.Inputs; len(in) == 1 && m.elementwise() && len(readers[in[0].Name]) == 1 &&
			!slices.Contains(n.Graph.Outputs, in[0].Name) {
			if before, known := at[in[0].Name]; known {
				group = before
			}
		}
		if group == len(groups) {
			groups = append(groups, nil)
		}
		groups[group] = append(groups[group], i)
		for _, name := range node.Outputs {
			at[name] = group
		}
	}
	return groups, errors.Join(errs...)
}

// elementwise reports whether all blocks treat elements one by one.
func (n *Net) elementwise() bool {
	for _, node := range n.Plan.Nodes {
		switch node.Block.(type) {
		case wiring.Source, wiring.Sink, wiring.Width, wiring.Adapter, pe.Map, pe.Requantize:
		default:
			return false
		}
	}
	return true
}

// newStep is a step of the given network.
func newStep(m *Net, port clock.Share) *Step {
	s := &Step{Net: m, Port: port}
	for _, constants := range m.Constants {
		for _, c := range constants {
			if c == nil {
				continue // left out, as a bias may be
			}
			s.Constants += (int64(c.Len())*int64(c.DType().Bits()) + 7) / 8
		}
	}
	return s
}

// Name is that of the step's first node.
func (s *Step) Name() string {
	n := s.Graph.Nodes[0]
	return cmp.Or(n.Name, n.Outputs[0])
}

// Traffic is the bytes that a frame's tensors take at the port.
func (s *Step) Traffic() (read, written int64) {
	for _, e := range s.Plan.Edges {
		bytes := e.Stream.Frame() * wiring.BeatBytes(e.Stream)
		if _, ok := s.Plan.Nodes[e.From.Node].Block.(wiring.Source); ok {
			read += bytes
		}
		if _, ok := s.Plan.Nodes[e.To.Node].Block.(wiring.Sink); ok {
			written += bytes
		}
	}
	return read, written
}

// loadBeat is the largest beat in which constants are loaded, in bytes: that of a wide
// DRAM controller.
const loadBeat = 64

// Load is the stream by which so many bytes of constants are loaded through the port:
// beats as wide as the port is in a cycle.
func Load(port clock.Share, bytes int64) sched.Stream {
	beat := max(1, min(loadBeat, port.Num/port.Den))
	return sched.Stream{Elem: tensor.Int8, Lanes: int(beat), Rows: 1, Pixels: 1, Beats: (bytes + beat - 1) / beat}
}

// named is the step's plan, whose layers are parts of the step: but for its own blocks
// and its ends, if it has but one of a kind.
func (s *Step) named() *pipeline.Plan {
	ends := map[string]int{}
	for _, n := range s.Plan.Nodes {
		ends[n.Block.Kind()]++
	}
	own := s.Plan.Nodes[max(0, slices.IndexFunc(s.Plan.Nodes, func(n pipeline.Node) bool { return !isEnd(n.Block) }))].Layer
	p := &pipeline.Plan{}
	for _, n := range s.Plan.Nodes {
		layer := s.Name()
		if n.Layer != own && (!isEnd(n.Block) || ends[n.Block.Kind()] > 1) {
			layer = pipeline.Within(layer, n.Layer)
		}
		p.Add(layer, n.Block)
	}
	for _, e := range s.Plan.Edges {
		i := p.Join(e.From, e.To)
		e.Name = p.Edges[i].Name
		p.Edges[i] = e
	}
	return p
}

// isEnd reports whether a block is a source or a sink.
func isEnd(b pipeline.Block) bool {
	_, ok := wiring.EndOf(b)
	return ok
}

// Loading is the step's plan with its ends at the port, and with so many bytes of
// constants, those of the next step, loaded beside it once. All of it is named after the
// step.
func (s *Step) Loading(bytes int64) *pipeline.Plan {
	p := s.named()
	for i, n := range p.Nodes {
		switch b := n.Block.(type) {
		case wiring.Source:
			b.Share = s.Port
			p.Nodes[i].Block = b
		case wiring.Sink:
			b.Share = s.Port
			p.Nodes[i].Block = b
		}
	}
	if bytes == 0 {
		return p
	}
	stream := Load(s.Port, bytes)
	layer := s.Name() + ".load"
	from := p.Add(layer, wiring.Source{Stream: stream, Share: s.Port, Once: true})
	to := p.Add(layer, wiring.Sink{Stream: stream, Pattern: clock.Always{}, Once: true})
	e := p.Join(pipeline.Port{Node: from}, pipeline.Port{Node: to})
	p.Edges[e].Depth, p.Edges[e].Latency = 2, 1
	return p
}
