package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/convsim/convsim/dse"
)

// shownFront is how many members of a front the terminal shows.
const shownFront = 20

func writeSummary(w io.Writer, s *dse.Summary, asJSON bool) error {
	if asJSON {
		return writeJSON(w, s)
	}
	fmt.Fprintf(w, "%s: %d of %d points by %s\n", s.Name, s.Points, s.Space, s.Strategy)
	fmt.Fprintf(w, "  %d evaluated (%d of them break a constraint), %d pruned, %d illegal, %d failed", s.OK, s.Infeasible, s.Pruned, s.Illegal, s.Failed)
	if s.Reused > 0 {
		fmt.Fprintf(w, "; %d results reused", s.Reused)
	}
	fmt.Fprintf(w, "\n\nPareto front, %s: %d designs\n", strings.Join(s.Objectives, ", "), len(s.Front))
	if err := writeFront(w, s); err != nil {
		return err
	}
	files := []string{dse.TableFile, dse.FrontFile, dse.PageFile}
	for i, name := range files {
		files[i] = filepath.Join(s.Folder, name)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", strings.Join(files, "\n"))
	return err
}

func writeFront(w io.Writer, s *dse.Summary) error {
	if len(s.Front) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := append([]string{"index"}, s.Parameters...)
	for _, o := range s.Objectives {
		_, expression, _ := strings.Cut(o, " ")
		head = append(head, expression)
	}
	fmt.Fprintln(t, strings.Join(head, "\t")+"\t")
	for _, p := range s.Front[:min(len(s.Front), shownFront)] {
		cells := []string{strconv.FormatInt(p.Index, 10)}
		for _, key := range s.Parameters {
			cells = append(cells, fmt.Sprint(p.Parameters[key]))
		}
		for _, x := range p.Objectives {
			cells = append(cells, short(x))
		}
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if more := len(s.Front) - shownFront; more > 0 {
		fmt.Fprintf(w, "and %d more in %s\n", more, dse.FrontFile)
	}
	return writeOverflows(w, s)
}

// writeOverflows counts the designs of the front whose outputs may not be
// Conv2d's.
func writeOverflows(w io.Writer, s *dse.Summary) error {
	may := 0
	for _, p := range s.Front {
		if p.MayOverflow != nil && *p.MayOverflow {
			may++
		}
	}
	if may == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "%d may overflow their accumulators: convsim run tells, and a constraint !may_overflow excludes them\n", may)
	return err
}

// short is a number with four digits that matter, whole numbers whole.
func short(x float64) string {
	if x == float64(int64(x)) {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

func writeChosen(w io.Writer, c *dse.Chosen) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "point\t%d\n", c.Index)
	for _, key := range c.Keys {
		fmt.Fprintf(t, "%s\t%v\n", key, c.Parameters[key])
	}
	for _, name := range dse.MetricNames() {
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
