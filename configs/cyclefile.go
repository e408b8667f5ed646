package configs

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
)

// maxCycleFile is the largest file of cycle numbers that is read, in bytes.
const maxCycleFile = 64 << 20

// maxCycle is the last cycle that can be listed, in a file of its own or in the YAML.
const maxCycle = 1_000_000_000_000_000

// maxComplaints is how many mistakes of one file of cycle numbers are reported.
const maxComplaints = 10

// readCycles reads ascending cycle numbers, one or more a line, # to the end of the line being a comment.
// Mistakes are reported at the node that names the file, with the line in the file of cycles.
func readCycles(d *strictyaml.Decoder, n *yaml.Node, path string, file Path) []int64 {
	data, err := readRegular(file.Resolved)
	if err != nil {
		d.FailText(n, path, fmt.Sprintf("cannot read cycles (%v), got %s; allowed: a text file of cycle numbers", err, strictyaml.Describe(n)))
		return nil
	}
	cycles, faults := parseCycles(string(data))
	if kind := filekind.Of(data); len(faults) > 0 && kind != filekind.Unknown && kind != filekind.Cycles {
		faults = []string{"this looks like " + string(kind) + "; allowed: a text file of cycle numbers"}
	}
	for _, fault := range faults {
		d.FailText(n, path, fmt.Sprintf("%s, %s", file.Written, fault))
	}
	return cycles
}

// readRegular reads a file whole, unless it is something that may never end.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, paths.Reason(err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("not a regular file")
	case info.Size() > maxCycleFile:
		return nil, fmt.Errorf("larger than %d bytes", maxCycleFile)
	}
	data, err := strictyaml.ReadText(name, maxCycleFile)
	return data, paths.Reason(err)
}

// parseCycles returns the numbers, and what is wrong with the text.
func parseCycles(text string) (cycles []int64, faults []string) {
	last := int64(-1)
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, maxCycleFile)
	for line := 1; lines.Scan() && len(faults) < maxComplaints; line++ {
		content, _, _ := strings.Cut(lines.Text(), "#")
		for word := range strings.FieldsSeq(content) {
			cycle, err := strconv.ParseInt(word, 10, 64)
			if err != nil || cycle <= last || cycle > maxCycle {
				faults = append(faults, fmt.Sprintf("line %d: not an ascending cycle number, got %.40q; allowed: whole number %d..%d", line, word, last+1, maxCycle))
				continue
			}
			last = cycle
			cycles = append(cycles, cycle)
		}
	}
	if len(cycles) == 0 && len(faults) == 0 {
		faults = append(faults, fmt.Sprintf("line 1: no cycle number, got nothing; allowed: whole number 0..%d", maxCycle))
	}
	return cycles, faults
}
