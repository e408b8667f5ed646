package stepsim

// Cycle is a time or a duration in clock cycles.
type Cycle int64

// Stage is the plain description of a block of at most one input and one output, which may stand in a Chain.
type Stage interface {
	// beats returns how many beats of one frame the stage takes and gives; 0, 0 means it passes on what comes.
	beats() (in, out int)
	// start builds the running block. in and out are the beats of one frame.
	start(frames, in, out int) block
	// kinds lists the stage's processes, upstream first.
	kinds() []Kind
}

// block is the state of a running stage. The three methods are called once per cycle, in this order.
type block interface {
	// offer returns the valid signal of the output. Only a wire looks at inValid.
	offer(t Cycle, inValid bool) bool
	// accept returns the ready signal of the input.
	accept(inValid, outReady bool) bool
	// commit names the cycle of each process of the stage, moves to the next state, and reports whether anything changed
	// that could let some stage move later without help from a gate.
	commit(w wires, names []Name) (moved bool)
}

// wires are the handshake signals around one block in one cycle.
type wires struct {
	inValid, inReady, outValid, outReady bool
}

func (w wires) in() bool  { return w.inValid && w.inReady }
func (w wires) out() bool { return w.outValid && w.outReady }

// Name says what a process did in a cycle.
type Name uint8

// The names of a cycle.
const (
	Busy       Name = iota // its event happened
	Starved                // it waits for what comes from upstream
	Blocked                // it waits for room downstream
	Throttled              // a gate of the source or the sink is shut
	Turnaround             // the window's writer waits for the reader to finish the frame
	Finished               // all its events are done
	numNames
)

var nameText = [numNames]string{"busy", "starved", "blocked", "throttled", "turnaround", "finished"}

// String returns the lower-case name.
func (n Name) String() string { return nameText[n] }

// Kind says what sort of process it is.
type Kind string

// The kinds of processes. A window and an addressed pad have two: KindLineBuffer writes, KindWindow reads.
const (
	KindSource     Kind = "source"
	KindPad        Kind = "pad"
	KindLineBuffer Kind = "linebuffer"
	KindWindow     Kind = "window"
	KindArray      Kind = "array"
	KindRequant    Kind = "requant"
	KindConverter  Kind = "converter"
	KindFork       Kind = "fork"
	KindJoin       Kind = "join"
	KindConcat     Kind = "concat"
	KindSplit      Kind = "split"
	KindReduce     Kind = "reduce"
	KindInsert     Kind = "insert"
	KindSink       Kind = "sink"
	kindFIFO       Kind = "fifo"
)
