package resources

// Row is what one stage costs.
type Row struct {
	Stage string `json:"stage"`
	Amount
	Layer string `json:"-"` // of the stage; of a FIFO, that of its reader
}

// Report is what a plan costs, by stage in stream order, FIFOs last.
type Report struct {
	Multiplier DSPKind `json:"multiplier"`
	ClockMHz   float64 `json:"clock_mhz"`
	Rows       []Row   `json:"stages"`
	Total      Amount  `json:"total"`

	Slow []string `json:"-"` // what is too slow for the clock, with the remedy
}
