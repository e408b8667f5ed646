package clock

import "math"

// Cycle is a point in time in clock cycles: cycle 0 is the first one out of
// reset. A duration in cycles has the same type.
type Cycle int64

// Never is later than every cycle of any run.
const Never Cycle = math.MaxInt64 / 4
