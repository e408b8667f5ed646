package sim

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/tensor"
)

// OperationReport is what a run of a layer that is no convolution found out: the
// report of a network of that one layer, with the keys of a layer's.
type OperationReport struct {
	Layer string `json:"layer"`
	Op    string `json:"op"`
	*NetworkReport
	Model        string       `json:"model,omitempty"` // empty: Layer says it
	Verdict      Verdict      `json:"verdict,omitempty"`
	OutputSHA256 string       `json:"output_sha256,omitempty"`
	Expect       *Expectation `json:"expect,omitempty"`
	ExpectMet    bool         `json:"expect_met,omitempty"`
	Bottleneck   Bottleneck   `json:"bottleneck"` // with no word of relief
	Buffers      []BufferUse  `json:"buffers"`
	FrameTimes   []FrameUse   `json:"frame_times"`

	DSPKind resources.DSPKind `json:"dsp_kind"`
	Cost    resources.Amount  `json:"resources"`                   // estimated
	NoCost  string            `json:"resources_unknown,omitempty"` // why there is no estimate

	Layers []*Report `json:"layers"` // none for one layer
}

// ReadOperand reads a tensor that a layer's file names, of the type and shape given;
// one image may lack the axis of the batch.
func ReadOperand(file configs.Path, t network.Type) (x *tensor.Tensor, unbatched bool, err error) {
	if x, err = readTensor(file); err != nil {
		return nil, false, fmt.Errorf("%s: %s", file.Written, paths.Reason(err).Error())
	}
	return Operand(file.Written, x, t)
}

// Operand is a tensor as one of the type and shape given. Any batch will do.
func Operand(name string, x *tensor.Tensor, t network.Type) (y *tensor.Tensor, unbatched bool, err error) {
	shape := x.Shape()
	if unbatched = len(shape) == len(t.Shape)-1; unbatched {
		shape = append([]int{1}, shape...)
	}
	if len(shape) != len(t.Shape) || !slices.Equal(shape[1:], t.Shape[1:]) {
		return nil, false, fmt.Errorf("%s: %v; allowed: %v", name, x, t)
	}
	if x, err = x.Stored(t.DType); err != nil {
		return nil, false, fmt.Errorf("%s: %w", name, err)
	}
	x, err = x.Reshape(shape...)
	return x, unbatched, err
}

// Operation makes the report of a network of one layer that of the layer. expect is
// the output that the layer's file wants, nil for none.
func (n *Network) Operation(op *configs.Operation, out *NetworkOutcome, net *NetworkReport, expect *tensor.Tensor) *OperationReport {
	r := &OperationReport{Layer: net.Model, Op: op.Op, NetworkReport: net, Layers: []*Report{}, FrameTimes: frameTimes(out.Time),
		DSPKind: n.Hardware.DSPKind(), Bottleneck: net.pace()}
	bill := resources.Price(n.Plan, resources.Device{DSP: r.DSPKind, ClockMHz: net.ClockMHz})
	cost, err := bill.Report()
	if err != nil {
		r.NoCost = err.Error()
	}
	r.Cost, r.Buffers = cost.Total, buffers(bill.Memories)
	y := out.Outputs[op.Graph.Outputs[0]]
	if y == nil {
		return r
	}
	r.OutputSHA256 = sha(y)
	if out.Checked == 0 {
		return r
	}
	if expect != nil && expect.Len() > 0 {
		r.Expect = compared(op.Tolerance, expect, y)
	}
	switch {
	case out.Wrong != nil:
		r.Verdict = Different
	case r.Expect != nil && r.Expect.Beyond > 0:
		r.Verdict = Unexpected
		out.Wrong = unexpectedNode(op, r.Expect, expect, y)
	default:
		r.Verdict, r.ExpectMet = Equal, r.Expect != nil
	}
	ok := out.Wrong == nil
	r.Verified, net.values = &ok, r.valuesText(ok)
	return r
}

// pace says which stage sets the pace.
func (r *NetworkReport) pace() Bottleneck {
	for _, s := range r.Stages {
		if s.Name == r.Bottleneck {
			return Bottleneck{Stage: s.Name, Why: fmt.Sprintf("%s is busy in %.1f %% of the cycles", s.Name, percent(s.Busy, r.Cycles))}
		}
	}
	return Bottleneck{}
}

// unexpectedNode says where the output is not the expected one.
func unexpectedNode(op *configs.Operation, e *Expectation, want, got *tensor.Tensor) *WrongNode {
	return &WrongNode{Node: op.Graph.Name, Op: op.Op + ", against the expected output", Tensor: "output", Index: got.Coordinates(e.first),
		Want: element(want, e.first%want.Len()), Got: element(got, e.first), Count: e.Beyond, Of: got.Len()}
}

// valuesText says what the outputs are.
func (r *OperationReport) valuesText(ok bool) string {
	words := "outputs are wrong"
	if ok {
		words = fmt.Sprintf("outputs equal the definition of %s, bit for bit", r.Op)
	}
	if r.ExpectMet {
		words += r.Expect.met()
	}
	return textwrap.Lines(words, "  values       ", "               ")
}
