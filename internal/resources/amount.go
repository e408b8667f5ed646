package resources

// Resource names one kind of FPGA resource.
type Resource string

// The resources counted. A RAMB36 counts as two BRAM18.
const (
	LUT    Resource = "LUT"
	FF     Resource = "FF"
	DSP    Resource = "DSP"
	BRAM18 Resource = "BRAM18"
	URAM   Resource = "URAM"
)

// Resources returns all kinds in the order of every table and report.
func Resources() []Resource { return []Resource{DSP, LUT, FF, BRAM18, URAM} }

// Amount is a number of each resource.
type Amount struct {
	DSP    int `json:"dsp"`
	LUT    int `json:"lut"`
	FF     int `json:"ff"`
	BRAM18 int `json:"bram18"`
	URAM   int `json:"uram"`
}

// Of returns the amount of one resource.
func (a Amount) Of(r Resource) int {
	switch r {
	case DSP:
		return a.DSP
	case LUT:
		return a.LUT
	case FF:
		return a.FF
	case BRAM18:
		return a.BRAM18
	case URAM:
		return a.URAM
	}
	panic("resources: no such resource: " + string(r))
}

// Plus returns the sum of two amounts.
func (a Amount) Plus(b Amount) Amount {
	return Amount{
		DSP:    a.DSP + b.DSP,
		LUT:    a.LUT + b.LUT,
		FF:     a.FF + b.FF,
		BRAM18: a.BRAM18 + b.BRAM18,
		URAM:   a.URAM + b.URAM,
	}
}

// Less returns the difference of two amounts.
func (a Amount) Less(b Amount) Amount { return a.Plus(b.Times(-1)) }

// Most returns the larger of two amounts, resource by resource.
func (a Amount) Most(b Amount) Amount {
	return Amount{DSP: max(a.DSP, b.DSP), LUT: max(a.LUT, b.LUT), FF: max(a.FF, b.FF), BRAM18: max(a.BRAM18, b.BRAM18), URAM: max(a.URAM, b.URAM)}
}

// Times returns n of the amount.
func (a Amount) Times(n int) Amount {
	return Amount{DSP: n * a.DSP, LUT: n * a.LUT, FF: n * a.FF, BRAM18: n * a.BRAM18, URAM: n * a.URAM}
}
