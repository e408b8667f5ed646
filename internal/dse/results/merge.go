package results

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/dse/journal"
)

// Merge joins the folders of the shards of a sweep into one and writes its tables and page. The folders are
// left as they are. Missing points are an error, after which nothing has been written.
func Merge(out string, dirs []string) (*Summary, error) {
	var parts []*folder
	defer func() {
		for _, f := range parts {
			_ = f.close() // opened to be read
		}
	}()
	for _, dir := range dirs {
		f, err := open(dir)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
	}
	if err := checkParts(parts); err != nil {
		return nil, err
	}
	j, err := writeMerged(out, parts)
	if err != nil {
		return nil, err
	}
	summary, err := Finish(out, 0, Pages{}) // with the folder still held
	return summary, errors.Join(err, j.Close())
}

// checkParts says what keeps the folders from being one sweep.
func checkParts(parts []*folder) error {
	if len(parts) == 0 {
		return errors.New("nothing to merge; allowed: one or more folders of shards")
	}
	first := parts[0]
	seen := map[int64]*folder{}
	for _, f := range parts {
		if f.journal.Last.Identity != first.journal.Last.Identity {
			return fmt.Errorf("%s and %s hold different sweeps, or different versions of one", first.dir, f.dir)
		}
		for _, index := range f.order {
			if other := seen[index]; other != nil {
				if err := agree(f, other, index); err != nil {
					return err
				}
			}
			seen[index] = f
		}
	}
	if want := first.sweep.Points(); !first.sweep.Definition.Strategy.Learns() && int64(len(seen)) < want {
		return fmt.Errorf("%d of %d points are missing: %s; finish every shard with --resume, and name the folders of all",
			want-int64(len(seen)), want, progressOf(parts))
	}
	return nil
}

// agree checks that two folders have one result of a point.
func agree(f, other *folder, index int64) error {
	row, err := f.row(index)
	earlier, errEarlier := other.row(index)
	if err = errors.Join(err, errEarlier); err != nil {
		return err
	}
	if err := sameResult(other.dir, &earlier, f.dir, &row); err != nil {
		return fmt.Errorf("%w; nothing was written", err)
	}
	return nil
}

// sameResult checks that two rows of a point have one result; they are from somewhere.
func sameResult(one string, a *journal.Row, other string, b *journal.Row) error {
	if b.SameResult(a) {
		return nil
	}
	return fmt.Errorf("%s and %s contradict each other: point %d is %s in one, %s in the other", one, other, b.Index, a.Outcome(), b.Outcome())
}

func progressOf(parts []*folder) string {
	words := make([]string, len(parts))
	for i, f := range parts {
		shard := f.journal.Last.Shard
		words[i] = fmt.Sprintf("%s has %d of the %d of %s", f.dir, len(f.order), shard.Share(f.sweep.Points()), shard.Words())
	}
	return strings.Join(words, ", ")
}

// writeMerged writes the results of the parts as those of a whole, and returns its journal to be closed.
func writeMerged(out string, parts []*folder) (*journal.Journal, error) {
	var read []string
	for _, f := range parts {
		read = append(read, filepath.Join(f.dir, ResultsFile))
		if same, err := sameFolder(out, f.dir); err != nil || same {
			return nil, errors.Join(err, fmt.Errorf("%s is one of the folders to merge; allowed: another one", out))
		}
	}
	if err := CheckFolder(out, "", read); err != nil {
		return nil, err
	}
	last := parts[0].journal.Last
	j, err := OpenFolder(out, parts[0].sweep.Definition.Name)
	if err != nil {
		return nil, err
	}
	if j.Last == nil || j.Last.Identity != last.Identity || j.Last.Shard != (journal.Shard{}) {
		err = j.Begin(journal.Header{Identity: last.Identity, Definition: last.Definition, Text: last.Text, File: parts[0].source().From(out)})
	}
	copied := map[int64]bool{} // of points in several parts, the first: checkParts has seen that they agree
	for _, f := range parts {
		err = errors.Join(err, copyRows(j, f, copied))
	}
	if err = errors.Join(err, j.Sync()); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

func copyRows(j *journal.Journal, f *folder, copied map[int64]bool) error {
	keys := f.sweep.Axes.Names()
	for _, index := range f.order {
		if copied[index] {
			continue
		}
		copied[index] = true
		row, err := f.row(index)
		if err != nil {
			return err
		}
		if at, known := j.Rows[index]; known {
			earlier, err := j.Row(at)
			if err == nil {
				err = sameResult(j.Path, &earlier, f.dir, &row)
			}
			if err != nil {
				return err
			}
			continue
		}
		if err := j.Add(&row, keys); err != nil {
			return err
		}
	}
	return nil
}

// sameFolder reports whether two paths lead to one folder, which need not be there.
func sameFolder(a, b string) (bool, error) {
	here, err := os.Stat(a)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	there, err := os.Stat(b)
	return err == nil && os.SameFile(here, there), err
}
