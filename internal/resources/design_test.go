package resources

// design is a convolution's parts, entered as its blocks enter them.
type design struct {
	Multiplier DSPKind
	ClockMHz   float64
	Pad        *Pad
	Window     *Window
	Array      Array
	Weights    Memory // no words: streamed from outside
	Requantize *Requantize
	FIFOs      []namedFIFO
}

type namedFIFO struct {
	Name string
	FIFO
}

func (d design) device() Device { return Device{d.Multiplier, d.ClockMHz} }

func (d design) bill() *Bill {
	b := newBill(d.device(), 0)
	if d.Pad != nil {
		b.Stage("pad", *d.Pad)
	}
	if d.Window != nil {
		b.Stage("window", *d.Window)
	}
	if d.Array.NF > 1 {
		b.Stage("replay", d.Array.Replay(64))
	}
	b.Stage("array", d.Array)
	if d.Weights != (Memory{}) {
		b.Stage("weights", d.Weights)
	}
	if d.Requantize != nil {
		b.Stage("requantize", *d.Requantize)
	}
	for _, f := range d.FIFOs {
		b.Stage("fifo "+f.Name, f.FIFO)
	}
	return b
}

// estimate is the report of a legal design.
func estimate(d design) Report {
	r, err := d.bill().Report()
	if err != nil {
		panic(err)
	}
	return r
}
