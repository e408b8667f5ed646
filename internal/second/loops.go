package second

// loop adds up the taps of some outputs at some neighbouring positions.
type loop func(sums *int32, stride int, x *uint8, cells *int, count int, w *uint8, wStride int, start *int32)

// agreeFunc is what looks whether bytes can be those of sums.
type agreeFunc func(sums *int32, got *uint8, count int, factor, lowest, highest float32, zero int32) int

// agreeLoop looks at counts that are multiples of step. Without one it is nil.
type agreeLoop struct {
	run  agreeFunc
	step int
}

// withinFunc looks whether bytes can be those of sums, by bounds of their products.
type withinFunc func(sums *int32, got *uint8, count int, bounds *[8]int64) int

// withinLoops are those for fixed-point factors and for powers of two.
type withinLoops struct{ fixed, shift withinFunc }

// channelFunc adds up the taps of a row of outputs of one channel.
type channelFunc func(sums *int32, x *uint8, taps *int, count int, w *int32, start int32, vectors int)

// channelRowsFunc does so for rows of outputs.
type channelRowsFunc func(sums *int32, x *uint8, stride int, taps *int, count int, w *int32, start int32, rows, width int)

// layFunc copies rows of width bytes that lie one behind the other to where they are step apart.
type layFunc func(to *uint8, step int, from *uint8, width, rows int)

// channelLoops are those for signed and unsigned bytes, of outputs one or two bytes apart.
type channelLoops struct {
	signed, unsigned [3]channelLoop
	lay              layFunc // nil for none
}

// channelLoop is by rows, or by one; nil without.
type channelLoop struct {
	rows channelRowsFunc
	row  channelFunc
}

// shape is how many vectors of positions, and how many outputs a loop computes.
type shape struct{ positions, outputs int }

// cellsFunc makes cells of four channels.
type cellsFunc func(to *uint32, a, b, c, d *uint8, count int, low uint8)

// machine are the loops of a processor.
type machine struct {
	lanes     int   // positions of a vector
	positions int   // vectors side by side, at most
	outputs   []int // side by side, most first
	loops     [mostVectors + 1][mostOutputs + 1]loop
	cells     cellsFunc // nil for none
	byteSum   func(w *uint8, count int) int32
}

const mostVectors, mostOutputs = 4, 6

func newMachine(lanes, positions int, outputs []int, loops map[shape]loop) *machine {
	m := &machine{lanes: lanes, positions: positions, outputs: outputs}
	for s, l := range loops {
		m.loops[s.positions][s.outputs] = l
	}
	return m
}

// floatLoop adds up the taps of some outputs at some neighbouring positions, beat by beat.
type floatLoop func(sums *float32, stride int, x *float32, taps *[2]int, beats *int, count int, w *float32, wStride int, bias *float32)

// floatWidth are the loops for so many outputs, those of most positions first.
type floatWidth struct {
	outputs int
	loops   []floatPositions
}

type floatPositions struct {
	positions int
	run       floatLoop
}

// mostPositions is the most that any loop of floats computes side by side.
const mostPositions = 64
