package sim

import (
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/textwrap"
)

// mostCauses is how many stages a direction lists.
const mostCauses = 12

// WriteText writes the explanation for people, 80 columns wide.
func (x *Explanation) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s: a frame every %s cycles, %s frames/s\n\n", clip(x.Name, 30), clip(x.Hardware, 24), mean(x.Interval), decimal(x.FPS))
	b.WriteString(textwrap.Lines(x.Slowest.text(), "slowest: ", "    "))
	if len(x.Equals) > 0 {
		b.WriteString(textwrap.Lines("about as slow: "+strings.Join(clipped(x.Equals), ", "), "  ", "    "))
	}
	causes(&b, "upstream, to the port that feeds it:", x.Upstream)
	causes(&b, "downstream, to the port that takes what leaves:", x.Downstream)
	helps(&b, x.Tried, len(x.Changes))
	for _, c := range x.Changes {
		m := c.More
		fmt.Fprintf(&b, "\n  %.1f %% off: a frame every %s cycles\n", c.Percent, mean(c.Interval))
		fmt.Fprintf(&b, "    for %+d DSP, %+d LUT, %+d FF, %+d BRAM18, %+d URAM\n", m.DSP, m.LUT, m.FF, m.BRAM18, m.URAM)
		b.WriteString(textwrap.Lines(c.What, "    ", "      "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// helps says how many changes were tried, before those that help.
func helps(b *strings.Builder, tried, help int) {
	if help == 0 {
		fmt.Fprintf(b, "\nNone of %d changes that were simulated takes %g %% off.\n", tried, worthTold)
	} else {
		fmt.Fprintf(b, "\nWhat would help, the cheapest first (%d changes simulated):\n", tried)
	}
}

func clipped(names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, clip(n, 40))
	}
	return list
}

// causes lists stages, in a network those that come first in their layer.
func causes(b *strings.Builder, title string, list []Cause) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	shown := 0
	for i, c := range list {
		last := i == len(list)-1
		if !last && (i > 0 && c.Layer != "" && c.Layer == list[i-1].Layer || shown == mostCauses-1) {
			continue
		}
		if shown++; last && shown == mostCauses {
			fmt.Fprintf(b, "  ...\n")
		}
		b.WriteString(textwrap.Lines(c.text(), "  ", "    "))
	}
}

// text says what a stage does in a sentence.
func (c Cause) text() string {
	s := fmt.Sprintf("%s is %s in %.1f %% of the cycles", clip(c.Stage, 50), c.Does, percent(c.Cycles, c.Of))
	switch c.Does {
	case "starved":
		s += ", for want of beats on " + clip(c.WaitsOn, 60)
	case "blocked":
		s += ", for want of room on " + clip(c.WaitsOn, 60)
	case "throttled":
		if c.WaitsOn != "" {
			return s + ": it waits for " + c.WaitsOn
		}
		s += ": its pattern is shut"
	case "turnaround":
		s += ": it waits for the frame before to leave"
	}
	return s
}
