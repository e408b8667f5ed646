package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/internal/textwrap"
)

// shownFront is how many members of a front the terminal shows.
const shownFront = 20

// writeSummary says what a folder holds. A whole sweep without a feasible
// design has failed.
func writeSummary(s streams, r *results.Summary, asJSON bool) error {
	if err := s.print(asJSON, r, func(w io.Writer) error { return writeSummaryText(w, r) }); err != nil {
		return err
	}
	if r.Empty != nil && r.Shard == "" {
		return errFailed
	}
	return nil
}

func writeSummaryText(w io.Writer, s *results.Summary) error {
	fmt.Fprint(w, textwrap.Lines(fmt.Sprintf("%s: %d of %d points by %s", strictyaml.Visible(s.Name, false), s.Points, s.Space, s.Strategy), "", "  "))
	fmt.Fprint(w, textwrap.Lines(fmt.Sprintf("%d evaluated (%d of them break a constraint), %d pruned, %d illegal, %d failed",
		s.OK, s.Infeasible, s.Pruned, s.Illegal, s.Failed), "  ", "  "))
	if s.Reused > 0 {
		fmt.Fprintf(w, "  %d results reused\n", s.Reused)
	}
	if err := writeResult(w, s); err != nil {
		return err
	}
	files := []string{results.TableFile, results.FrontFile, results.PageFile}
	for i, name := range files {
		files[i] = filepath.Join(s.Folder, name)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(files, "\n"))
	return err
}

// writeResult shows the front, or why there is none.
func writeResult(w io.Writer, s *results.Summary) error {
	if s.Empty != nil {
		fmt.Fprint(w, "\nno feasible design\n")
		return writeEmpty(w, s.Empty, s.Parameters)
	}
	fmt.Fprint(w, "\n", textwrap.Lines(fmt.Sprintf("Pareto front, %s: %d designs", strings.Join(s.Objectives, ", "), len(s.Front)), "", "  "))
	return writeFront(w, s)
}

// writeOverflows counts the designs of the front whose outputs may not be
// Conv2d's.
func writeOverflows(w io.Writer, s *results.Summary) error {
	may := 0
	for _, p := range s.Front {
		if p.MayOverflow != nil && *p.MayOverflow {
			may++
		}
	}
	if may == 0 {
		return nil
	}
	_, err := io.WriteString(w, textwrap.Lines(fmt.Sprintf("%d may overflow their accumulators: convsim run tells, and a constraint !may_overflow excludes them", may), "", "  "))
	return err
}

// short is a number with four digits that matter, whole numbers whole.
func short(x float64) string {
	if x == float64(int64(x)) {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

func writeChosen(w io.Writer, c *results.Chosen) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "point\t%d\n", c.Index)
	if c.By != "" {
		fmt.Fprintf(t, "chosen by\t%s\n", c.By)
	}
	for _, key := range c.Keys {
		fmt.Fprintf(t, "%s\t%v\n", key, c.Parameters[key])
	}
	for _, name := range metric.Names() {
		if x, known := c.Metrics[name]; known {
			fmt.Fprintf(t, "%s\t%s\n", name, short(x))
		}
	}
	if c.Fits != nil {
		fmt.Fprintf(t, "fits\t%t\n", *c.Fits)
	}
	if c.MayOverflow != nil {
		fmt.Fprintf(t, "may_overflow\t%t\n", *c.MayOverflow)
	}
	return t.Flush()
}
