package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/wholefile"
)

// Names of the files in a folder of results.
const (
	ResultsFile = "results.jsonl"
	TableFile   = "results.csv"
	FrontFile   = "pareto.csv"
	SweepFile   = "sweep.yaml"
	PageFile    = "report.html"
)

// Header starts the results of the sweep.
func (s *Sweep) Header(shard journal.Shard) (journal.Header, error) {
	text, err := json.Marshal(&s.Definition)
	return journal.Header{Identity: s.Definition.Identity(), Shard: shard, Definition: text, Text: string(s.Text)}, err
}

// defined is the definition that a header holds.
func defined(h *journal.Header) (*definition.Definition, error) {
	d := &definition.Definition{}
	decoder := json.NewDecoder(bytes.NewReader(h.Definition))
	decoder.UseNumber() // the numbers of axes as they are written
	if err := decoder.Decode(d); err != nil {
		return nil, err
	}
	if d.Identity() != h.Identity {
		return nil, errors.New("the definition has another identity")
	}
	return d, nil
}

// known says whether this version knows all that a header says.
func known(h *journal.Header) error {
	_, err := defined(h)
	return err
}

// OpenFolder opens the journal of a folder for a sweep to be written, and makes the folder if there is none.
// A half-written last line is cut off. A folder of another sweep, or with other files in it, is refused and
// left as it is.
func OpenFolder(dir string, name string) (*journal.Journal, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	path := filepath.Join(dir, ResultsFile)
	if _, err := os.Stat(path); err != nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s holds other files and no %s; allowed: an empty or new folder, or one of this sweep", dir, ResultsFile)
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	if err := wholefile.CheckInPlace(path); err != nil {
		return nil, err
	}
	j, err := journal.Read(path, true, known)
	if err != nil {
		return nil, err
	}
	wholefile.Sweep(dir)
	if j.Last != nil {
		d, err := defined(j.Last)
		if err == nil && d.Name != name {
			err = fmt.Errorf("%s holds the results of sweep %q, this is %q; allowed: another folder", dir, d.Name, name)
		}
		if err != nil {
			return nil, errors.Join(err, j.Close())
		}
	}
	if err := j.Start(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}
