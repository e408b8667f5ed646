package runpage

import "github.com/convsim/convsim/pipeline/clock"

// Run is everything the page shows. Cycles count from 0.
type Run struct {
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle,omitempty"`
	Version  string  `json:"version"` // of the program that made it
	Facts    []Fact  `json:"facts"`
	ClockMHz float64 `json:"clock_mhz"`
	Cycles   int64   `json:"cycles"`
	Frames   []Frame `json:"frames"`
	Limits   string  `json:"limits,omitempty"` // what sets the pace, a sentence
	Relief   string  `json:"relief,omitempty"` // what would help

	Nodes    []Node    `json:"nodes"`  // upstream ones first
	Stages   []Stage   `json:"stages"` // of the nodes, in their order
	Edges    []Edge    `json:"edges"`
	Passes   []Pass    `json:"passes,omitempty"` // between the machines of layers
	Layers   []Layer   `json:"layers,omitempty"` // of a network
	Roofline *Roofline `json:"roofline,omitempty"`
	Board    *Board    `json:"board,omitempty"`
	Costs    []Cost    `json:"costs,omitempty"` // by stage, or by layer of a network
	NoCost   string    `json:"no_cost,omitempty"`
	Depths   []Curve   `json:"depths,omitempty"`
	First    []Step    `json:"first,omitempty"` // the first frame's way

	Histories History `json:"histories"` // those of the stages first
	Levels    Packed  `json:"levels,omitempty"`
	Columns   int     `json:"columns,omitempty"` // of levels
	Causes    []Cause `json:"causes"`
}

// Fact is a figure at the head of the page.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
	Bad   bool   `json:"bad,omitempty"`
}

// Frame is when one frame went in and came out.
type Frame struct {
	FirstIn  int64 `json:"first_in"`
	LastIn   int64 `json:"last_in"`
	FirstOut int64 `json:"first_out"`
	LastOut  int64 `json:"last_out"`
}

// Cause is a name of cycles and what it means.
type Cause struct {
	Name  string `json:"name"`
	Means string `json:"means"`
}

// Node is a block of the machine.
type Node struct {
	Name   string `json:"name"` // within its layer
	Layer  string `json:"layer,omitempty"`
	Detail string `json:"detail,omitempty"` // what is special about it
}

// Stage is an account of a node.
type Stage struct {
	Name      string       `json:"name"`
	Node      int          `json:"node"`
	Shares    clock.Shares `json:"shares"` // cycles by cause
	StarvedOn string       `json:"starved_on,omitempty"`
	BlockedOn string       `json:"blocked_on,omitempty"`
}

// Edge joins two nodes. A wire has depth 0.
type Edge struct {
	Name  string `json:"name"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Depth int    `json:"depth"`
	Bits  int    `json:"bits"` // of a beat
	Beats int64  `json:"beats"`
	Most  int64  `json:"most"`
	Full  int64  `json:"full"`  // cycles
	Empty int64  `json:"empty"` // cycles
	In    int    `json:"in"`    // number of the history of what enters it
	Out   int    `json:"out"`   // and of what leaves it
	// Levels is where among all levels those of the edge begin, nil where histories tell how full it is: what it holds
	// in the mean of each column of cycles, in parts of Most/255.
	Levels *int `json:"levels,omitempty"`
}

// Pass is a tensor that goes from one node to another through the DRAM.
type Pass struct {
	Tensor string `json:"tensor"`
	From   int    `json:"from"`
	To     int    `json:"to"`
	Bytes  int64  `json:"bytes"` // of a frame
}

// Layer is one layer of a network.
type Layer struct {
	Name        string  `json:"name"`
	Stage       int     `json:"stage"` // the one that waits least
	MACs        int64   `json:"macs"`
	Multipliers int64   `json:"multipliers"`
	Utilization float64 `json:"utilization"` // of the multipliers, 0..1
	Limit       string  `json:"limit"`       // what keeps it from going faster
}

// Roofline is what is attainable at how many multiply-accumulates per byte.
type Roofline struct {
	Roofs  []Roof     `json:"roofs"`
	Points []Position `json:"points"`
}

// Roof is a bound: MACs per cycle, or, with Slope, bytes per cycle.
type Roof struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Slope bool    `json:"slope,omitempty"`
}

// Position is where something sits under the roofs.
type Position struct {
	Name      string  `json:"name"`
	Intensity float64 `json:"intensity"` // MACs per byte
	Rate      float64 `json:"rate"`      // MACs per cycle
	Own       float64 `json:"own"`       // the most its own multipliers could do
	Within    bool    `json:"within,omitempty"`
}

// Board is how much of a board the machine takes.
type Board struct {
	Name     string   `json:"name"`
	Fits     bool     `json:"fits"`
	Uses     []Use    `json:"uses"`
	Warnings []string `json:"warnings,omitempty"`
}

// Use is one kind of resource.
type Use struct {
	Resource  string  `json:"resource"`
	Used      float64 `json:"used"`
	Available float64 `json:"available"`
	Unit      string  `json:"unit,omitempty"`
	Tight     bool    `json:"tight,omitempty"`
}

// Cost is what a stage or a layer takes.
type Cost struct {
	Name string `json:"name"`
	DSP  int    `json:"dsp"`
	LUT  int    `json:"lut"`
	FF   int    `json:"ff"`
	BRAM int    `json:"bram18"`
	URAM int    `json:"uram"`
}

// Curve is the pace of the machine over the depth of one FIFO, all else as it is;
// or of all of them together.
type Curve struct {
	Edge   string  `json:"edge"`
	Depth  int     `json:"depth"` // as it is; 0 where they differ
	Points []Depth `json:"points"`
	Knee   int     `json:"knee"` // the least depth that is about as fast as any
}

// Depth is a point of a curve. A depth that deadlocks has no interval.
type Depth struct {
	Depth    int     `json:"depth"`
	Interval float64 `json:"interval,omitempty"` // cycles from frame to frame
	Dead     bool    `json:"dead,omitempty"`
}

// Step is a block, or a layer, on the way of the first frame.
type Step struct {
	Name  string `json:"name"`
	In    int64  `json:"in"`              // its first beat goes in
	First int64  `json:"first"`           // its first result comes out
	Last  int64  `json:"last"`            // its last result
	About bool   `json:"about,omitempty"` // Last is known but to the fineness of the history
	Adds  int64  `json:"adds"`            // cycles by which it delays the first output; 0 beside the longest way
}

// causes are the names of cycles, in the order of their numbers.
func causes() []Cause {
	return []Cause{
		{clock.Busy.String(), "moved a beat"},
		{clock.Starved.String(), "the beat it needs next was not there"},
		{clock.Blocked.String(), "its output had no room"},
		{clock.Throttled.String(), "held back by the outside world's pattern, by a shared port, or for want of weights from there"},
		{clock.Turnaround.String(), "between two frames that may not overlap"},
		{clock.Finished.String(), "nothing left to do"},
	}
}
