package rtl

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// stopped is the status of rows whose network deadlocks.
const stopped = "deadlock"

// network is a row's plan while it is put together, from the source downstream.
type network struct {
	row    *row
	plan   pipeline.Plan
	at     pipeline.Port // output that nothing takes yet
	depth  int           // of the edge from there: of the FIFO
	memory pipeline.Memory
	stream sched.Stream // what leaves there
	sink   clock.Pattern
}

// newNetwork begins with a source in the row's mode.
func newNetwork(r *row, s sched.Stream) (*network, error) {
	source, sink, err := patterns(r.text("mode"))
	if err == nil {
		err = r.err
	}
	if err != nil {
		return nil, err
	}
	n := &network{row: r, stream: s, sink: sink}
	n.at = pipeline.Port{Node: n.plan.Add("", wiring.Source{Stream: s, Pattern: source})}
	return n, nil
}

// pixels is a stream of pixels of so many channels.
func pixels(h, w, channels, lanes int) sched.Stream {
	return sched.Stream{Elem: tensor.Int8, Lanes: lanes, Rows: int64(h), Pixels: int64(w), Beats: int64(channels / lanes)}
}

// add puts a block behind what is there, and returns the number of the edge.
func (n *network) add(b pipeline.Block) int {
	to := n.plan.Add("", b)
	edge := n.to(pipeline.Port{Node: to})
	_, out := b.Streams()
	n.at, n.depth, n.memory, n.stream = pipeline.Port{Node: to}, 0, pipeline.ShiftRegisters, out[0]
	return edge
}

// to joins what is there to an input, and returns the number of the edge.
func (n *network) to(input pipeline.Port) int {
	edge := n.plan.Join(n.at, input)
	n.plan.Edges[edge].Depth, n.plan.Edges[edge].Memory = n.depth, n.memory
	return edge
}

// measured is what a network did.
type measured struct {
	*clock.Result
	row      *row
	frames   int
	frame    int64 // beats of one at the source
	end      int64 // and at the sink; 0: whatever came is all frames'
	deadlock bool
}

// run ends the network with a sink and runs it. A row whose network deadlocked
// must deadlock, and no other.
func (n *network) run(frames int, o clock.Options) (*measured, error) {
	n.to(pipeline.Port{Node: n.plan.Add("", wiring.Sink{Stream: n.stream, Pattern: n.sink})})
	if n.row.err != nil {
		return nil, n.row.err
	}
	n.row.simulated = &simulated{&n.plan, o}
	result, _, err := solve(&n.plan, o)
	status, deadlock := n.row.text("status"), result != nil && err != nil
	switch {
	case err != nil && !(deadlock && status == stopped):
		return nil, err
	case !deadlock && status == stopped:
		return nil, errors.New("measured: a deadlock; simulated: all frames leave")
	case !deadlock:
		if err := n.checkQueues(result, status); err != nil {
			return nil, err
		}
	}
	m := &measured{Result: result, row: n.row, frames: frames, deadlock: deadlock}
	if o.Frames == int64(frames) {
		m.frame, m.end = n.plan.Edges[0].Stream.Frame(), n.stream.Frame()
	}
	return m, nil
}

// overflown is the status of rows whose RTL loses results of an array, so that
// nothing of them can be compared.
const overflown = "rtl_overflow"

// checkQueues holds that the arrays whose queue would have held more than there is
// room for are those whose RTL loses results; where the room is known.
func (n *network) checkQueues(r *clock.Result, status string) error {
	known := slices.ContainsFunc(n.plan.Nodes, func(n pipeline.Node) bool {
		a, ok := n.Block.(pe.Array)
		return ok && a.Queue > 0
	})
	over := slices.ContainsFunc(r.Stages, func(s clock.StageCycles) bool { return s.Overfull })
	if known && over != (status == overflown) {
		return fmt.Errorf("measured: %s; simulated: a queue of an array is overfull: %t", status, over)
	}
	return nil
}

// ends are what left the source and what came to the sink.
func (m *measured) ends() (in, out *clock.Trace) {
	return m.Records[0].In, m.Records[len(m.Records)-1].Out
}

// columns fills in what most tables have; frames are cut by their beats.
func (m *measured) columns() columns {
	in, out := m.ends()
	nIn, nOut := in.Len(), out.Len()
	c := columns{"trace_hash": fmt.Sprintf("%016x", hash(in.Spans, out.Spans, clock.Never))}
	c.count("n_in", nIn)
	c.count("n_out", nOut)
	perIn, perOut := m.frame, m.end
	if m.end == 0 {
		perIn, perOut = nIn/int64(m.frames), nOut/int64(m.frames)
	}
	beat := func(name string, t *clock.Trace, n int64) {
		if at := t.Nth(n); n >= 0 && at < clock.Never {
			c.cycle(name, at)
		}
	}
	beat("f0_first_in", in, 0)
	beat("f0_last_in", in, perIn-1)
	beat("f0_first_out", out, 0)
	for f := range int64(m.frames) {
		beat(fmt.Sprintf("f%d_last_out", f), out, (f+1)*perOut-1)
	}
	if last := int64(m.frames) * perOut; m.frames > 1 && perOut > 0 && nOut >= last {
		c.cycle("steady_interval", out.Nth(last-1)-out.Nth(last-perOut-1))
	}
	return c
}

// first is the cycle of the first beat that left an edge's producer, empty if
// none did.
func (m *measured) first(edge int) string {
	spans := m.Records[edge].In.Spans
	if len(spans) == 0 {
		return ""
	}
	return strconv.FormatInt(int64(spans[0].First), 10)
}

// most is the largest occupancy of an edge.
func (m *measured) most(edge int) string { return strconv.FormatInt(m.Edges[edge].MaxOccupancy, 10) }

// solve runs a plan every beat with records, and again with fast-forward, which must change
// nothing, and says how many cycles that skipped. A deadlock is an error, with the result up
// to there.
func solve(p *pipeline.Plan, o clock.Options) (result *clock.Result, skipped int64, err error) {
	o.Record = true
	result, err = clock.Solve(p, o)
	var deadlock, other *clock.Deadlock
	if err != nil && !errors.As(err, &deadlock) {
		return nil, 0, err
	}
	o.Record = false
	again, errAgain := clock.Solve(p, o)
	switch {
	case deadlock != nil && (!errors.As(errAgain, &other) || other.At != deadlock.At):
		return nil, 0, errors.New("fast-forward changes the deadlock")
	case deadlock != nil:
		return deadlock.Stopped, 0, deadlock
	case errAgain != nil:
		return nil, 0, fmt.Errorf("with fast-forward: %w", errAgain)
	}
	skipped, again.Skipped, again.Records = again.Skipped, 0, result.Records
	if !reflect.DeepEqual(again, result) {
		return nil, 0, errors.New("fast-forward changes the result")
	}
	return result, skipped, nil
}
