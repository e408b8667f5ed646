package sim

import (
	"bufio"
	"fmt"
	"io"

	"github.com/convsim/convsim/pipeline/clock"
)

// WriteTrace writes every handshake of the run as CSV: edge, end (in: beats
// entering a FIFO, out: beats leaving it; a wire has only moves), and the cycles
// as ranges joined by semicolons. Handshakes after the last output are left out.
func (o *Outcome) WriteTrace(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "edge,end,cycles")
	for i, f := range o.Report.FIFOs {
		r := o.Records[i]
		if f.Depth == 0 {
			writeSpans(b, r.Name, "move", r.Out.Spans, o.Report.Cycles)
			continue
		}
		writeSpans(b, r.Name, "in", r.In.Spans, o.Report.Cycles)
		writeSpans(b, r.Name, "out", r.Out.Spans, o.Report.Cycles)
	}
	return b.Flush()
}

func writeSpans(b *bufio.Writer, edge, end string, spans []clock.Span, total int64) {
	fmt.Fprintf(b, "%s,%s,", edge, end)
	for i, s := range spans {
		if int64(s.First) >= total {
			break
		}
		if i > 0 {
			b.WriteByte(';')
		}
		if s.First == s.Last {
			fmt.Fprintf(b, "%d", s.First)
		} else {
			fmt.Fprintf(b, "%d-%d", s.First, min(s.Last, clock.Cycle(total-1)))
		}
	}
	b.WriteByte('\n')
}
