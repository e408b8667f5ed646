package dse

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

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

// header is a line that starts the results of one version of a sweep; rows below belong to it.
type header struct {
	V          int         `json:"v"`
	Identity   string      `json:"identity"`
	Shard      Shard       `json:"shard"`
	Definition *Definition `json:"definition"`
	Text       string      `json:"text"` // of the sweep file
}

// Shard is one of Count parts of a sweep, Index from 1. The zero value is the whole.
type Shard struct {
	Index int `json:"index"`
	Count int `json:"count"`
}

// String is the shard as the command line takes it.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

// has says whether the point at a position of the strategy is the shard's.
func (s Shard) has(position int64) bool {
	return s.Count == 0 || position%int64(s.Count) == int64(s.Index-1)
}

// ref is where a line is in the journal.
type ref struct {
	offset int64
	length int32
}

// journal is the append-only file of results.
type journal struct {
	path    string
	file    *os.File
	end     int64 // of what is on disk
	pending []byte
	flushed time.Time

	last  *header         // of the version written last, nil if the file is new
	rows  map[int64]ref   // of that version, by point
	known map[keyHash]ref // of earlier versions, by key
	keys  []keyed         // of the last version, until it is known whether a new one begins; only when writing
}

// keyed is a row worth knowing in later versions.
type keyed struct {
	key keyHash
	ref
}

// readJournal opens a journal and reads what it holds. A line that was being written when the program ended is passed
// over; anything else that is damaged is an error and left alone.
func readJournal(path string, write bool) (*journal, error) {
	flags := os.O_RDONLY
	if write {
		flags = os.O_RDWR | os.O_CREATE
	}
	file, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return nil, err
	}
	j := &journal{path: path, file: file, rows: map[int64]ref{}, known: map[keyHash]ref{}, flushed: time.Now()}
	if write {
		j.keys = []keyed{}
	}
	if write {
		err = lockFile(file)
	}
	if err == nil {
		err = j.read()
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// read walks over all lines.
func (j *journal) read() error {
	in := bufio.NewReaderSize(j.file, 1<<20)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.wrong(number, begun(line))
		}
		if err != nil {
			return err
		}
		if err := j.take(line[:len(line)-1]); err != nil {
			return j.wrong(number, err)
		}
		j.end += int64(len(line))
	}
}

// take enters one line.
func (j *journal) take(line []byte) error {
	if err := sealed(line); err != nil {
		return unreadable(line, err)
	}
	if bytes.HasPrefix(line, []byte(headerStart)) {
		return j.takeHeader(line)
	}
	index, key, status, err := headOf(line)
	if err != nil {
		return errForeign // whole, but not as this version writes it
	}
	if j.last == nil {
		return errors.New("a row before the first header")
	}
	at := ref{j.end, int32(len(line))}
	if earlier, known := j.rows[index]; known {
		return j.repeated(index, earlier, line)
	}
	j.rows[index] = at
	if j.keys != nil && (status == OK || status == Failed) {
		j.keys = append(j.keys, keyed{key, at})
	}
	return nil
}

var headerStart = fmt.Sprintf(`{"v":%d,"identity":`, SchemaVersion)

// takeHeader starts a new version; the rows above it remain known by their keys.
func (j *journal) takeHeader(line []byte) error {
	h := &header{}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber() // the numbers of axes as they are written
	if err := decoder.Decode(h); err != nil {
		return errForeign
	}
	if h.Definition == nil || h.Definition.Identity() != h.Identity {
		return errForeign // its definition has something that this version does not know
	}
	j.retire()
	j.last = h
	return nil
}

// retire makes the rows of the last version known by their keys. Points that were illegal or pruned are not
// worth knowing.
func (j *journal) retire() {
	for _, row := range j.keys {
		j.known[row.key] = row.ref
	}
	j.keys = j.keys[:0]
	clear(j.rows)
}

// row reads a row again.
func (j *journal) row(at ref) (Row, error) {
	line := make([]byte, at.length)
	if _, err := j.file.ReadAt(line, at.offset); err != nil {
		return Row{}, fmt.Errorf("%s: %w", j.path, err)
	}
	return parseRow(line)
}

// findAny is find with the rows of this version too; not to be used while rows are added.
func (j *journal) findAny(index int64, key string) (Row, bool) {
	if at, known := j.rows[index]; known {
		if row, err := j.row(at); err == nil && row.Status != Pruned && row.Key == key {
			return row, true
		}
	}
	return j.find(index, key)
}

// find is the row with a key in an earlier version.
func (j *journal) find(_ int64, key string) (Row, bool) {
	if len(j.known) == 0 {
		return Row{}, false
	}
	var binary keyHash
	if _, err := hex.Decode(binary[:], []byte(key)); err != nil {
		panic("dse: " + err.Error())
	}
	at, known := j.known[binary]
	if !known {
		return Row{}, false
	}
	row, err := j.row(at)
	return row, err == nil
}

// begin starts a version.
func (j *journal) begin(h header) error {
	h.V, h.Identity = SchemaVersion, h.Definition.Identity()
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	j.retire()
	j.last = &h
	j.pending = append(j.pending, seal(text[:len(text)-1])...)
	return j.flush()
}

// add appends a row. It reaches the disk within a second, or with the next flush.
func (j *journal) add(row *Row, keys []string) error {
	start := len(j.pending)
	j.pending = appendRow(j.pending, row, keys)
	j.rows[row.Index] = ref{j.end + int64(start), int32(len(j.pending) - start - 1)}
	const atOnce = 64 << 10
	if len(j.pending) < atOnce && time.Since(j.flushed) < time.Second {
		return nil
	}
	return j.flush()
}

// flush writes what is pending.
func (j *journal) flush() error {
	j.flushed = time.Now()
	n, err := j.file.WriteAt(j.pending, j.end)
	if err != nil {
		return fmt.Errorf("%w; what is written so far is kept", err)
	}
	j.end += int64(n)
	j.pending = j.pending[:0]
	return nil
}

// sync writes what is pending, to the disk itself.
func (j *journal) sync() error {
	if err := j.flush(); err != nil {
		return err
	}
	return j.file.Sync()
}

// openFolder opens the journal of a folder for a sweep to be written, and makes the folder if there is none.
// A half-written last line is cut off. A folder of another sweep, or with other files in it, is refused and
// left as it is.
func openFolder(dir string, name string) (*journal, error) {
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
	j, err := readJournal(path, true)
	if err != nil {
		return nil, err
	}
	wholefile.Sweep(dir)
	if j.last != nil && j.last.Definition.Name != name {
		return nil, errors.Join(fmt.Errorf("%s holds the results of sweep %q, this is %q; allowed: another folder", dir, j.last.Definition.Name, name), j.file.Close())
	}
	if err := j.file.Truncate(j.end); err != nil {
		return nil, errors.Join(err, j.file.Close())
	}
	return j, nil
}
