package journal

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Header is a line that starts the results of one version of a sweep; rows below belong to it.
type Header struct {
	V          int             `json:"v"`
	Identity   string          `json:"identity"`
	Shard      Shard           `json:"shard"`
	Definition json.RawMessage `json:"definition"`     // what decides the results, of which Identity is the hash
	Text       string          `json:"text"`           // of the sweep file
	File       string          `json:"file,omitempty"` // where it was when the version began: a path from the folder, or a name of the program
}

// Ref is where a line is in the journal.
type Ref struct {
	offset int64
	length int32
}

// Journal is the append-only file of results.
type Journal struct {
	Path    string
	file    *os.File
	end     int64 // of what is on disk
	pending []byte
	flushed time.Time

	Last  *Header         // of the version written last, nil if the file is new
	Rows  map[int64]Ref   // of that version, by point
	known map[keyHash]Ref // of earlier versions, by key
	keys  []keyed         // of the last version, until it is known whether a new one begins; only when writing
}

// keyed is a row worth knowing in later versions.
type keyed struct {
	key keyHash
	Ref
}

// Read opens a journal and reads what it holds. A line that was being written when the program ended is passed
// over; anything else that is damaged is an error and left alone. A header that is not known is one of another version.
func Read(path string, write bool, known func(*Header) error) (*Journal, error) {
	flags := os.O_RDONLY
	if write {
		flags = os.O_RDWR | os.O_CREATE
	}
	file, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return nil, err
	}
	j := &Journal{Path: path, file: file, Rows: map[int64]Ref{}, known: map[keyHash]Ref{}, flushed: time.Now()}
	if write {
		j.keys = []keyed{}
	}
	if write {
		err = lockFile(file)
	}
	if err == nil {
		err = j.read(known)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// read walks over all lines.
func (j *Journal) read(known func(*Header) error) error {
	in := bufio.NewReaderSize(j.file, 1<<20)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.wrong(number, begun(line))
		}
		if err != nil {
			return err
		}
		if err := j.take(line[:len(line)-1], known); err != nil {
			return j.wrong(number, err)
		}
		j.end += int64(len(line))
	}
}

// take enters one line.
func (j *Journal) take(line []byte, known func(*Header) error) error {
	if err := sealed(line); err != nil {
		return unreadable(line, err)
	}
	if bytes.HasPrefix(line, []byte(headerStart)) {
		return j.takeHeader(line, known)
	}
	index, key, status, err := headOf(line)
	if err != nil {
		return errForeign // whole, but not as this version writes it
	}
	if j.Last == nil {
		return errors.New("a row before the first header")
	}
	at := Ref{j.end, int32(len(line))}
	if earlier, known := j.Rows[index]; known {
		return j.repeated(index, earlier, line)
	}
	j.Rows[index] = at
	if j.keys != nil && (status == OK || status == Failed) {
		j.keys = append(j.keys, keyed{key, at})
	}
	return nil
}

var headerStart = fmt.Sprintf(`{"v":%d,"identity":`, SchemaVersion)

// takeHeader starts a new version; the rows above it remain known by their keys.
func (j *Journal) takeHeader(line []byte, known func(*Header) error) error {
	h := &Header{}
	if json.Unmarshal(line, h) != nil || known(h) != nil {
		return errForeign // its definition has something that this version does not know
	}
	j.retire()
	j.Last = h
	return nil
}

// retire makes the rows of the last version known by their keys. Points that were illegal or pruned are not
// worth knowing.
func (j *Journal) retire() {
	for _, row := range j.keys {
		j.known[row.key] = row.Ref
	}
	j.keys = j.keys[:0]
	clear(j.Rows)
}

// Row reads a row again.
func (j *Journal) Row(at Ref) (Row, error) {
	line := make([]byte, at.length)
	if _, err := j.file.ReadAt(line, at.offset); err != nil {
		return Row{}, fmt.Errorf("%s: %w", j.Path, err)
	}
	return parseRow(line)
}

// FindAny is find with the rows of this version too; not to be used while rows are added.
func (j *Journal) FindAny(index int64, key string) (Row, bool) {
	if at, known := j.Rows[index]; known {
		if row, err := j.Row(at); err == nil && row.Status != Pruned && row.Key == key {
			return row, true
		}
	}
	return j.Find(index, key)
}

// Find is the row with a key in an earlier version.
func (j *Journal) Find(_ int64, key string) (Row, bool) {
	if len(j.known) == 0 {
		return Row{}, false
	}
	var binary keyHash
	if _, err := hex.Decode(binary[:], []byte(key)); err != nil {
		panic("journal: " + err.Error())
	}
	at, known := j.known[binary]
	if !known {
		return Row{}, false
	}
	row, err := j.Row(at)
	return row, err == nil
}

// Begin starts a version.
func (j *Journal) Begin(h Header) error {
	h.V = SchemaVersion
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	j.retire()
	j.Last = &h
	j.pending = append(j.pending, seal(text[:len(text)-1])...)
	return j.flush()
}

// Add appends a row. It reaches the disk within a second, or with the next flush.
func (j *Journal) Add(row *Row, keys []string) error {
	start := len(j.pending)
	j.pending = appendRow(j.pending, row, keys)
	j.Rows[row.Index] = Ref{j.end + int64(start), int32(len(j.pending) - start - 1)}
	const atOnce = 64 << 10
	if len(j.pending) < atOnce && time.Since(j.flushed) < time.Second {
		return nil
	}
	return j.flush()
}

// flush writes what is pending.
func (j *Journal) flush() error {
	j.flushed = time.Now()
	n, err := j.file.WriteAt(j.pending, j.end)
	if err != nil {
		j.pending = j.pending[:0] // it is said once
		return fmt.Errorf("%w; what is written so far is kept", err)
	}
	j.end += int64(n)
	j.pending = j.pending[:0]
	return nil
}

// Sync writes what is pending, to the disk itself.
func (j *Journal) Sync() error {
	if err := j.flush(); err != nil {
		return err
	}
	return j.file.Sync()
}

// Start is for writing: it cuts off a half-written last line.
func (j *Journal) Start() error { return j.file.Truncate(j.end) }

// Forget drops what only a new version needs; none may begin afterwards.
func (j *Journal) Forget() { j.keys = nil }

// Close closes the file, and with it ends the lock.
func (j *Journal) Close() error { return j.file.Close() }
