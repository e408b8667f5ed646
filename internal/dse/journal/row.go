package journal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/kind"
)

// SchemaVersion is that of the lines of results.jsonl.
const SchemaVersion = 1

// Status says what became of a point.
type Status string

// The statuses.
const (
	OK      Status = "ok"      // evaluated
	Illegal Status = "illegal" // there is no such hardware, or it cannot hold the layer
	Failed  Status = "failed"  // it does not finish: a deadlock
	Pruned  Status = "pruned"  // not evaluated: it cannot enter the front
)

// Row is the result of one point.
type Row struct {
	Index   int64
	Key     string // hash of everything that decides the result
	Status  Status
	Reason  string // of every status but OK
	Values  []space.Value
	Metrics metric.Values // of OK; of Pruned, where a constraint was the reason, those that need no simulation
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumKey introduces the checksum that ends every line.
const sumKey = `,"sum":"`

// sumBytes is the length of what seal adds: key, eight hexadecimal digits, quote and brace.
const sumBytes = len(sumKey) + 8 + 2

// seal ends a line, an object without its closing brace, with the CRC-32C of what it has so far.
func seal(line []byte) []byte {
	return fmt.Appendf(line, "%s%08x\"}\n", sumKey, crc32.Checksum(line, castagnoli))
}

// sealed checks a line without its line break.
func sealed(line []byte) error {
	at := len(line) - sumBytes
	if at < 0 || string(line[at:at+len(sumKey)]) != sumKey || !bytes.HasSuffix(line, []byte(`"}`)) {
		return errors.New("the line has no checksum at its end")
	}
	if want := fmt.Sprintf("%08x", crc32.Checksum(line[:at], castagnoli)); string(line[len(line)-10:len(line)-2]) != want {
		return fmt.Errorf("its checksum is %s, the line has %s", want, line[len(line)-10:len(line)-2])
	}
	return nil
}

// appendRow appends the line of a row.
func appendRow(dst []byte, row *Row, keys []string) []byte {
	start := len(dst)
	dst = fmt.Appendf(dst, `%s%d,"key":"%s","status":"%s"`, rowStart, row.Index, row.Key, row.Status)
	if row.Reason != "" {
		dst = append(appendText(append(dst, `,"reason":`...), row.Reason), `,"parameters":{`...)
	} else {
		dst = append(dst, `,"parameters":{`...)
	}
	for i, key := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendText(dst, key), ':')
		dst = appendValue(dst, row.Values[i])
	}
	dst = append(dst, '}')
	if row.Status == OK || row.Status == Pruned && row.known() {
		dst = append(appendMetrics(append(dst, `,"metrics":{`...), &row.Metrics), '}')
	}
	return append(dst[:start], seal(dst[start:])...)
}

// known says whether any metric is.
func (r *Row) known() bool {
	return slices.ContainsFunc(r.Metrics[:], func(x float64) bool { return !math.IsNaN(x) })
}

func appendText(dst []byte, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic("journal: " + err.Error())
	}
	return append(dst, quoted...)
}

func appendValue(dst []byte, v space.Value) []byte {
	if v.Kind() == kind.String {
		return appendText(dst, v.Text())
	}
	return v.Append(dst)
}

func appendMetrics(dst []byte, m *metric.Values) []byte {
	first := true
	for i, x := range m {
		if math.IsNaN(x) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(dst, '"'), metric.Table[i].Name...), '"', ':')
		dst = metric.AppendNumber(dst, x)
	}
	return dst
}

// rowLine is a row as read.
type rowLine struct {
	V       int                `json:"v"`
	Index   *int64             `json:"index"`
	Key     string             `json:"key"`
	Status  Status             `json:"status"`
	Reason  string             `json:"reason"`
	Metrics map[string]float64 `json:"metrics"`
}

// rowStart is what the line of a row starts with, before its index.
var rowStart = fmt.Sprintf(`{"v":%d,"index":`, SchemaVersion)

// rowHead is how every row starts.
var rowHead = regexp.MustCompile(`^` + regexp.QuoteMeta(rowStart) + `(\d+),"key":"([0-9a-f]{32})","status":"(ok|illegal|failed|pruned)"`)

// keyHash is the key of a row as bytes.
type keyHash [16]byte

// headOf reads the start of a row whose checksum fits: its point, its key, and its status.
func headOf(line []byte) (index int64, key keyHash, status Status, err error) {
	m := rowHead.FindSubmatch(line)
	if m == nil {
		return 0, key, "", fmt.Errorf("it is no row of schema version %d", SchemaVersion)
	}
	index, err = strconv.ParseInt(string(m[1]), 10, 64)
	if err == nil {
		_, err = hex.Decode(key[:], m[2])
	}
	return index, key, Status(m[3]), err
}

// parseRow is the inverse of appendRow, except for the values, which follow from the index.
func parseRow(line []byte) (Row, error) {
	var l rowLine
	if err := json.Unmarshal(line, &l); err != nil {
		return Row{}, err
	}
	switch {
	case l.V != SchemaVersion:
		return Row{}, fmt.Errorf("schema version %d, this program reads %d", l.V, SchemaVersion)
	case l.Index == nil:
		return Row{}, errors.New("no index")
	case !strings.Contains("ok illegal failed pruned", string(l.Status)) || l.Status == "":
		return Row{}, fmt.Errorf("status %q; allowed: ok, illegal, failed, pruned", l.Status)
	}
	row := Row{Index: *l.Index, Key: l.Key, Status: l.Status, Reason: l.Reason, Metrics: metric.Unknown()}
	for i := range row.Metrics {
		if x, known := l.Metrics[metric.Table[i].Name]; known {
			row.Metrics[i] = x
		}
	}
	return row, nil
}

// SameResult reports whether two rows of a point say the same.
func (r *Row) SameResult(o *Row) bool {
	same := r.Key == o.Key && r.Status == o.Status && r.Reason == o.Reason
	for i, x := range r.Metrics {
		same = same && (r.Status != OK || x == o.Metrics[i] || math.IsNaN(x) && math.IsNaN(o.Metrics[i]))
	}
	return same
}

// Outcome says in a few words what became of a point.
func (r *Row) Outcome() string {
	if r.Status == OK {
		return fmt.Sprintf("ok with %s cycles", metric.AppendNumber(nil, r.Metrics[metric.Cycles]))
	}
	return fmt.Sprintf("%s (%s)", r.Status, r.Reason)
}
