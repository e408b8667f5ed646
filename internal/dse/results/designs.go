package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/convsim/convsim/internal/report"
	"github.com/convsim/convsim/internal/wholefile"
)

// Designs is the folder of the pages of designs, within that of the results.
const Designs = "designs"

// drawnFile is the file in it that says which there are.
const drawnFile = "drawn.json"

// Pages says of which designs the runs get pages.
type Pages struct {
	Most int     // designs of the front; its ends are among them
	All  bool    // every design that was simulated
	Of   []int64 // these besides
	Jobs int     // drawn at a time

	Key string // of all that decides a page: those drawn before with the same key stay
	// Draw writes the pages of a design below the folder and says where they are; nil, if
	// it was stopped.
	Draw     func(index int64, hardware []byte) ([]report.Link, error)
	Progress func(done, total int) // nil: none
}

// Undrawn says that drawing was stopped; the pages drawn are kept.
type Undrawn struct{ Drawn, Total int }

func (u *Undrawn) Error() string {
	return fmt.Sprintf("interrupted after %d of %d pages of designs", u.Drawn, u.Total)
}

// drawn are pages that are there.
type drawn struct {
	Key   string                  `json:"key"`
	Pages map[int64][]report.Link `json:"pages"`
}

// draw draws designs and returns where the pages of all are that have any.
func (f *folder) draw(s *Summary, pages Pages) (map[int64][]report.Link, error) {
	there := f.drawn(pages.Key)
	wanted, err := f.chosen(s, pages)
	if err != nil || pages.Draw == nil {
		return nil, err
	}
	before := len(wanted)
	wanted = slices.DeleteFunc(wanted, func(index int64) bool { return there[index] != nil && !slices.Contains(pages.Of, index) })
	done, err := f.drawEach(wanted, there, pages)
	if err == nil && done < len(wanted) {
		err = &Undrawn{before - len(wanted) + done, before}
	}
	if done > 0 {
		err = errors.Join(err, wholefile.Write(filepath.Join(f.dir, Designs, drawnFile), func(w io.Writer) error {
			return json.NewEncoder(w).Encode(drawn{pages.Key, there})
		}))
	}
	return there, err
}

// drawEach draws designs side by side and notes their pages. It returns how many.
func (f *folder) drawEach(list []int64, there map[int64][]report.Link, pages Pages) (done int, err error) {
	var mu sync.Mutex
	p := pool.New().WithErrors().WithFirstError().WithMaxGoroutines(max(1, pages.Jobs))
	for _, index := range list {
		p.Go(func() error {
			mu.Lock()
			text, err := f.sweep.HardwareText(index)
			mu.Unlock()
			if err != nil {
				return err
			}
			links, err := pages.Draw(index, text)
			mu.Lock()
			defer mu.Unlock()
			if links != nil {
				there[index] = links
				done++
			}
			if pages.Progress != nil {
				pages.Progress(done, len(list))
			}
			return err
		})
	}
	return done, p.Wait()
}

// drawn are the pages of a key that are there.
func (f *folder) drawn(key string) map[int64][]report.Link {
	var d drawn
	text, err := os.ReadFile(filepath.Join(f.dir, Designs, drawnFile))
	if err != nil || json.Unmarshal(text, &d) != nil || d.Key != key || d.Pages == nil {
		return map[int64][]report.Link{}
	}
	return d.Pages
}

// Source is where a sweep file is: the path of a file, or else a name of the program.
type Source string

// below marks paths from the folder of the results.
const below = "./"

// From is the place as seen from a folder.
func (s Source) From(folder string) string {
	there, err := filepath.Abs(string(s))
	if _, errStat := os.Stat(string(s)); err != nil || errStat != nil {
		return string(s)
	}
	here, err := filepath.Abs(folder)
	if err != nil {
		return string(s)
	}
	path, err := filepath.Rel(here, there)
	if err != nil {
		return there
	}
	return below + filepath.ToSlash(path)
}

// source is that of the folder.
func (f *folder) source() Source {
	if path, inside := strings.CutPrefix(f.journal.Last.File, below); inside {
		return Source(filepath.Join(f.dir, filepath.FromSlash(path)))
	}
	return Source(f.journal.Last.File)
}

// again is the command that runs the sweep again, but for the folder; nil if it is not known.
func (f *folder) again() []string {
	h := f.journal.Last
	if h.File == "" {
		return nil
	}
	words := []string{"convsim", "sweep", h.File, "--resume"}
	if h.Shard.Count > 0 {
		words = append(words, "--shard", h.Shard.String())
	}
	if f.sweep.Definition.NoPrune {
		words = append(words, "--no-prune")
	}
	return words
}

// chosen are the designs that are to have pages, by index.
func (f *folder) chosen(s *Summary, pages Pages) (list []int64, err error) {
	for _, index := range pages.Of {
		at, there := slices.BinarySearch(f.order, index)
		if !there || !f.fates[at].simulated() {
			return nil, fmt.Errorf("--page %d: there is no such design; allowed: one of %s that was simulated", index, filepath.Join(f.dir, TableFile))
		}
		list = append(list, index)
	}
	if pages.All {
		for i, index := range f.order {
			if f.fates[i].simulated() {
				list = append(list, index)
			}
		}
	} else {
		n := min(pages.Most, len(s.Front))
		for k := range n {
			list = append(list, s.Front[k*(len(s.Front)-1)/max(1, n-1)].Index)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
