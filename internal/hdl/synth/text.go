package synth

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/convsim/convsim/internal/resources"
)

// shown are the resources of the table. A ratio is given where both are often there.
var shown = []resources.Resource{resources.LUT, resources.FF, resources.DSP, resources.BRAM18}

// WriteText writes a line a stage: of every resource the estimate, what Yosys took,
// and the estimate as a multiple of that.
func (c *Comparison) WriteText(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "estimated for %s, synthesized by Yosys for %s; x is estimate / synthesized\n", c.Multiplier, c.Family); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "stage\t")
	for _, r := range shown {
		fmt.Fprintf(t, "%s est\tYosys\tx\t", r)
	}
	fmt.Fprintln(t)
	for _, s := range append(c.Stages, c.Total) {
		fmt.Fprintf(t, "%s\t", s.Name)
		for _, r := range shown {
			estimate, measured := s.Estimated.Of(r), s.Measured.Of(r)
			fmt.Fprintf(t, "%d\t%d\t%s\t", estimate, measured, ratio(estimate, measured))
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range c.Stages {
		if s.Gap == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "not estimated: %s: %s\n", s.Name, s.Gap); err != nil {
			return err
		}
	}
	return nil
}

// ratio is how many times too much an estimate is.
func ratio(estimate, measured int) string {
	if measured == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(estimate)/float64(measured))
}
