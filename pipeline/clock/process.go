package clock

import (
	"strings"

	"github.com/convsim/convsim/pipeline"
)

// Timed is the face of a block that time needs.
type Timed interface {
	pipeline.Block
	// Process makes the block's process at the given ports.
	Process(p Ports) Process
	// AppendKey appends all that decides the block's time: blocks of the same
	// kind and key move every beat in the same cycle.
	AppendKey(dst []byte) []byte
}

// Ports are where a process is put.
type Ports struct {
	In, Out []*Edge
	Frames  int64
	Pace    Level // the process drives: it stops at the ends of this loop and of those around it; None: never
	Work    *Workspace
	layer   string
	shares  map[string]*port // by name of the Share
}

// Stage is the full name of a stage of the block.
func (p Ports) Stage(name string) string { return pipeline.Within(p.layer, name) }

// Counted is the account of a stage that needs all inputs and all outputs, and has
// so many events a frame.
func (p Ports) Counted(stage string, frame int64) Counted {
	return Counted{NewAccount(p.Stage(stage), names(p.In), names(p.Out)), frame * p.Frames}
}

// names lists the names of edges.
func names(edges []*Edge) string {
	if len(edges) == 1 {
		return edges[0].Name()
	}
	list := make([]string, len(edges))
	for i, e := range edges {
		list[i] = e.Name()
	}
	return strings.Join(list, ", ")
}

// Process is one or more stages in time. It is a deterministic function of the
// times at its ports: however often and in whatever order processes advance,
// each beat moves in the same cycle.
type Process interface {
	// Advance moves every beat whose time follows from the times known. A process
	// with a pace returns where it reaches the end of one of its loops.
	Advance() Progress
	// Accounts returns the accounts of the process's stages, upstream first.
	Accounts() []*Account
	// Close names the last cycles of the stages that still wait when the run
	// ends at total.
	Close(total Cycle)
	// Waiting says what keeps the process from going on.
	Waiting() Wait
	// Registers shows v every field that changes: the complete state.
	Registers(v *Registers)
	// Alike says how many more times a section may move by shift events, having
	// just moved so from event number from on, while its loops look the same; 0
	// when what it just did does not look like what comes.
	Alike(section int, from, shift int64) int64
}

// Level is a loop of the driving process, at whose ends the state of the plan is
// compared with earlier ones.
type Level uint8

// Stops reports whether a process of this pace stops at the end of a loop.
func (pace Level) Stops(at Level) bool { return pace != None && at >= pace }

// The levels, innermost first.
const (
	None   Level = iota
	Vector       // of several that a pixel has
	Pixel
	Row
	Frame
	levels
)

// Progress is how far Advance came: to the end of an iteration of a loop, in
// cycle At, or, with Level None, as far as it can.
type Progress struct {
	Level Level
	At    Cycle
}

// Wait is what a process waits for: Blocked without an edge is for room in its
// own memory.
type Wait struct {
	Cause Cause
	Edge  *Edge // the empty or full edge, nil when it is not an edge
}

// WaitOf is what a process waits for that has finished, or is blocked at an output, or
// else needs a beat of an input.
func WaitOf(finished, blocked bool, in, out *Edge) Wait {
	switch {
	case finished:
		return Wait{Cause: Finished}
	case blocked:
		return Wait{Cause: Blocked, Edge: out}
	}
	return Wait{Cause: Starved, Edge: in}
}
