package second

// loop adds up the taps of some outputs at some neighbouring positions.
type loop func(sums *int32, stride int, x *uint8, cells *int, count int, w *int32, start *int32)

// shape is how many vectors of positions, and how many outputs a loop computes.
type shape struct{ positions, outputs int }

// machine are the loops of a processor.
type machine struct {
	lanes     int   // positions of a vector
	positions int   // vectors side by side, at most
	outputs   []int // side by side, most first
	loops     map[shape]loop
}
