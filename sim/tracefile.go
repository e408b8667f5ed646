package sim

import (
	"bufio"
	"fmt"
	"io"

	"github.com/convsim/convsim/pipeline"
)

// WriteTrace writes every handshake of the run as CSV: edge, end (in: beats
// entering a FIFO, out: beats leaving it; a wire has only moves), and the cycles
// as ranges joined by semicolons. Handshakes after the last output are left out.
func (o *Outcome) WriteTrace(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "edge,end,cycles")
	for _, f := range o.Report.FIFOs {
		for _, t := range o.Traces {
			if t.Name != f.Name {
				continue
			}
			if f.Depth == 0 {
				writeSpans(b, t.Name, "move", t.Out.Spans, o.Report.Cycles)
				continue
			}
			writeSpans(b, t.Name, "in", t.In.Spans, o.Report.Cycles)
			writeSpans(b, t.Name, "out", t.Out.Spans, o.Report.Cycles)
		}
	}
	return b.Flush()
}

func writeSpans(b *bufio.Writer, edge, end string, spans []pipeline.Span, total int64) {
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
			fmt.Fprintf(b, "%d-%d", s.First, min(s.Last, pipeline.Cycle(total-1)))
		}
	}
	b.WriteByte('\n')
}
