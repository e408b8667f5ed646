package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// TestLayersOfReport: the figures of layers are those of their stages, edges and bills.
func TestLayersOfReport(t *testing.T) {
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	hw, _ := parse(t, `{name: c, array: {pe: 4, simd: 2}, fifo: {depth: 64}, board: zcu104}`, stopLayer)
	n, err := NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{NoValues: true, Frames: 4}
	out, err := n.Run(context.Background(), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	r := n.Report(out, o)
	recorded, err := clock.Solve(n.Plan, clock.Options{Frames: 4, Record: true})
	if err != nil {
		t.Fatal(err)
	}
	var cost resources.Amount
	var macs, multipliers int64
	for _, l := range r.Layers {
		cost, macs, multipliers = cost.Plus(l.Cost), macs+l.MACs, multipliers+l.Multipliers
		if l.Busy+l.Starved+l.Blocked+l.Other != r.Cycles {
			t.Errorf("%s: %+v do not sum to %d", l.Name, l, r.Cycles)
		}
		first, begins, ends := int64(-1), r.Cycles, int64(0)
		for _, s := range recorded.Stages {
			if n.Plan.Nodes[s.Node].Layer == l.Name {
				ends = max(ends, r.Cycles-s.Of(clock.Finished))
			}
		}
		for i, e := range n.Plan.Edges {
			if n.Plan.Nodes[e.From.Node].Layer == l.Name || n.Plan.Nodes[e.To.Node].Layer == l.Name {
				begins = min(begins, int64(recorded.Records[i].In.Nth(0)))
			}
		}
		if l.Cycles != ends-begins || l.Cycles < l.Busy {
			t.Errorf("%s: %d cycles, from %d until %d", l.Name, l.Cycles, begins, ends)
		}
		for i, e := range n.Plan.Edges {
			if n.Plan.Nodes[e.From.Node].Layer == l.Name && n.Plan.Nodes[e.To.Node].Layer != l.Name {
				if at := int64(recorded.Records[i].In.Nth(0)); first < 0 || at < first {
					first = at
				}
			}
		}
		switch {
		case l.FirstOutputCycle == nil && first >= 0, l.FirstOutputCycle != nil && *l.FirstOutputCycle != first:
			t.Errorf("%s: first output in cycle %v, want %d", l.Name, l.FirstOutputCycle, first)
		}
		if *r.SteadyInterval < l.Interval-1 {
			t.Errorf("%s takes %.1f cycles a frame, and all of them %.1f", l.Name, l.Interval, *r.SteadyInterval)
		}
	}
	mean := func(of func(LayerUse) int64) (share float64) {
		for _, l := range r.Layers {
			share += float64(of(l)) / float64(r.Cycles) / float64(len(r.Layers))
		}
		return share
	}
	for _, shares := range [][2]float64{{r.BusyShare, mean(func(l LayerUse) int64 { return l.Busy })},
		{r.StarvedShare, mean(func(l LayerUse) int64 { return l.Starved })}, {r.BlockedShare, mean(func(l LayerUse) int64 { return l.Blocked })}} {
		if math.Abs(shares[0]-shares[1]) > 1e-9 {
			t.Errorf("a share of %g, and the mean of layers is %g", shares[0], shares[1])
		}
	}
	if cost != r.Cost || macs != r.MACs || multipliers != r.Multipliers {
		t.Errorf("layers sum to %+v, %d MACs, %d multipliers; all have %+v, %d, %d", cost, macs, multipliers, r.Cost, r.MACs, r.Multipliers)
	}
	if r.Board == nil || !r.Board.Fits || !slices.ContainsFunc(r.Gaps, func(g string) bool { return strings.HasPrefix(g, "softmax: ") }) {
		t.Errorf("board %+v, left out %q", r.Board, r.Gaps)
	}
}

// TestShow: the worst layers first, and the report of the machine stays whole.
func TestShow(t *testing.T) {
	r := &NetworkReport{Layers: []LayerUse{{Name: "a", Busy: 1, Cost: resources.Amount{LUT: 5}}, {Name: "b", Busy: 3}, {Name: "c", Busy: 2, Cost: resources.Amount{LUT: 7}}}}
	for _, c := range []struct {
		order Order
		want  string
	}{{Order{}, "abc"}, {Order{By: "stream", Most: 2}, "ab"}, {Order{Most: 2}, "bc"}, {Order{By: "lut"}, "cab"}, {Order{By: "busy", Most: 9}, "bca"}} {
		if err := c.order.Check(); err != nil {
			t.Fatal(err)
		}
		shown, got := *r, ""
		shown.Show(c.order)
		for _, l := range shown.Layers {
			got += l.Name
		}
		if got != c.want || r.Layers[0].Name != "a" {
			t.Errorf("%+v shows %s, want %s", c.order, got, c.want)
		}
	}
	if (Order{By: "size"}).Check() == nil || (Order{Most: -1}).Check() == nil {
		t.Error("an order that there is not is none")
	}
}

// TestTimeTable: lines are 80 characters wide at most, however long names and numbers are, all
// digits are there, and the last line is that of the run.
func TestTimeTable(t *testing.T) {
	long := "/features/features.14/conv/conv.0/conv.0.0/Conv"
	for digits := range 14 {
		n := int64(math.Pow10(digits+1)) - 1
		r := &NetworkReport{Cycles: n, FirstOutputCycle: n - 3, SteadyInterval: ptr(float64(n - 4)), BusyShare: 0.25, StarvedShare: 1, BlockedShare: 0.5,
			Layers: []LayerUse{{Name: long, Busiest: "requantize", Cycles: n - 1, FirstOutputCycle: ptr(n - 2), Interval: float64(n), Starved: n},
				{Name: "conv", Busiest: "array"}}}
		var b strings.Builder
		r.timeTable(&b)
		for line := range strings.Lines(b.String()) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("%d digits: too wide: %s", digits+1, line)
			}
		}
		lines := strings.Split(strings.ReplaceAll(b.String(), ",", ""), "\n")
		want := []string{fmt.Sprintf("requantize %d %d %d 0.0%% 100.0%% 0.0%%", n-1, n-2, n), "array 0 - 0 0.0% 0.0% 0.0%",
			fmt.Sprintf("%d %d %d 25.0%% 100.0%% 50.0%%", n, n-3, n-4)}
		for i, w := range want {
			if got := strings.Join(strings.Fields(lines[i+1]), " "); !strings.HasSuffix(got, " "+w) {
				t.Errorf("%q, want %q", got, w)
			}
		}
	}
}

// TestOverfull: an array whose vectors are one beat, behind a sink that stops, holds
// more results than the queue of FINN's has room for; one of two beats does not.
func TestOverfull(t *testing.T) {
	one := conv.Pair{H: 1, W: 1}
	for _, c := range []struct {
		simd int
		want bool
	}{{8, true}, {4, false}} {
		hw, _ := parse(t, `{name: a, array: {pe: 4, simd: `+string(rune('0'+c.simd))+`}, sink: {burst: {open: 20, closed: 40}}}`, stopLayer)
		r := rand.New(rand.NewPCG(3, 4))
		g := &network.Graph{Name: "one", Outputs: []string{"y"},
			Inputs:    []network.Input{{Name: "x", Type: network.Type{DType: tensor.Int8, Shape: []int{1, 8, 6, 6}}}},
			Constants: map[string]*tensor.Tensor{"w": testTensor(r, tensor.Int8, 4, 8, 1, 1)},
			Nodes:     []network.Node{{Name: "conv", Op: network.ConvInteger{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1}, WZero: []int32{0}}, Inputs: []string{"x", "w"}, Outputs: []string{"y"}}}}
		n, err := NewNetwork(hw, g)
		if err != nil {
			t.Fatal(err)
		}
		for _, every := range []bool{true, false} {
			o := Options{NoValues: true, Frames: 3, EveryBeat: every}
			out, err := n.Run(context.Background(), nil, o)
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			report := n.Report(out, o)
			if err := report.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			if i := slices.IndexFunc(report.Layers, func(l LayerUse) bool { return l.Name == "conv" }); report.Layers[i].Overfull != c.want {
				t.Errorf("simd %d: overfull %t, want %t", c.simd, report.Layers[i].Overfull, c.want)
			}
			if strings.Contains(text.String(), "overfull") != c.want {
				t.Errorf("simd %d:\n%s", c.simd, text.String())
			}
		}
	}
}
