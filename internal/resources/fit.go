package resources

import "fmt"

// Use is how much of one resource of a board a design takes.
type Use struct {
	Resource  Resource `json:"resource"`
	Used      int      `json:"used"`
	Available int      `json:"available"`
	Percent   float64  `json:"percent"` // 0 if the board has none of it
	Fits      bool     `json:"fits"`
	// Tight: it fits, but above the share recommended for timing closure.
	Tight bool `json:"tight"`
}

// Fit is a design held against a board.
type Fit struct {
	Board string `json:"board"`
	Fits  bool   `json:"fits"` // every resource fits
	Part  string `json:"part"`
	Uses  []Use  `json:"uses"` // in the order of Resources
	// DRAM is how much of the bandwidth of its DRAM the design takes; nil if that
	// is not known.
	DRAM *Bandwidth `json:"dram,omitempty"`
	// Warnings say where the estimate was made for something else than this board.
	Warnings []string `json:"warnings,omitempty"`
}

// Fits returns how much of a board a design takes, resource by resource.
func Fits(r Report, b Board) Fit {
	f := Fit{Board: b.Name, Part: b.Part, Fits: true, Warnings: warnings(r, b)}
	available := b.Available.Amount()
	for _, resource := range Resources() {
		u := use(resource, r.Total.Of(resource), available.Of(resource))
		f.Uses = append(f.Uses, u)
		f.Fits = f.Fits && u.Fits
	}
	return f
}

// Bandwidth is a rate of bytes held against what a board has.
type Bandwidth struct {
	Used      float64 `json:"used_gbytes_per_s"` // 10^9 bytes a second
	Available float64 `json:"available_gbytes_per_s"`
	Percent   float64 `json:"percent"` // 0 if the board has none
}

// AddTraffic holds bytes per second to and from DRAM against what the board
// has. More than that is a warning: the ports were not limited to it.
func (f *Fit) AddTraffic(bytesPerSecond float64, b Board) {
	d := &Bandwidth{Used: bytesPerSecond / 1e9, Available: b.DRAMGBytesPS}
	f.DRAM = d
	if d.Available == 0 {
		return
	}
	d.Percent = 100 * d.Used / d.Available
	if d.Used > d.Available {
		f.Warnings = append(f.Warnings, fmt.Sprintf("input and output move %.3g GB/s, the board's DRAM %g: set source and sink to bytes_per_cycle", d.Used, d.Available))
	}
}

func use(r Resource, used, available int) Use {
	u := Use{Resource: r, Used: used, Available: available, Fits: used <= available}
	if available > 0 {
		share := float64(used) / float64(available)
		u.Percent = 100 * share
		u.Tight = u.Fits && share > closureLimits[r]
	}
	return u
}

func warnings(r Report, b Board) []string {
	var out []string
	if r.Multiplier != LUTMult && r.Multiplier != b.DSPKind {
		out = append(out, fmt.Sprintf("estimated for %s slices, the board has %s", r.Multiplier, b.DSPKind))
	}
	out = append(out, r.Slow...)
	if r.ClockMHz > b.ClockMHz {
		out = append(out, fmt.Sprintf("clock %g MHz is above the typical %g MHz of the board", r.ClockMHz, b.ClockMHz))
	}
	return out
}
