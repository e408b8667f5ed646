package runpage

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"

	"github.com/convsim/convsim/pipeline/clock"
)

// MostRuns is how many runs the histories of a page hold, all together: as many as a browser reads in half a second.
const MostRuns = 600_000

// leastRuns is how many runs every history may have, however many there are.
const leastRuns = 64

// PerHistory is how many runs each of so many histories may hold.
func PerHistory(histories int) int { return max(MostRuns/max(1, histories), leastRuns) }

// History is a list of histories. In JSON it is base64 of the DEFLATE of a sequence of numbers, 7 bits a byte, the
// low ones first, with the high bit set on all bytes of a number but the last:
//
//	histories: how many, then of each its fineness and its runs
//	runs:      how many, then each
//	run:       tag = cause + 8 * form, cycles, and by form:
//	           0 once; 1 of one cause, times; 2 times, runs; 3 times, cycles of each cause
type History []*clock.History

// The forms of a run.
const (
	once = iota
	again
	list
	mixed
)

// MarshalJSON writes the numbers.
func (h History) MarshalJSON() ([]byte, error) {
	out := binary.AppendUvarint(nil, uint64(len(h)))
	for _, one := range h {
		out = binary.AppendUvarint(out, uint64(one.Fine()))
		out = appendRuns(out, one.Runs)
	}
	return Packed(out).MarshalJSON()
}

// Packed is bytes; in JSON, base64 of their DEFLATE.
type Packed []byte

// MarshalJSON packs the bytes.
func (p Packed) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.StdEncoding.EncodeToString(deflated(p)))
}

// deflated is a text packed.
func deflated(text []byte) []byte {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err == nil {
		_, err = z.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("runpage: a buffer does not take what is written: " + err.Error())
	}
	return out.Bytes()
}

func appendRuns(out []byte, runs []clock.Run) []byte {
	out = binary.AppendUvarint(out, uint64(len(runs)))
	for i := range runs {
		out = appendRun(out, &runs[i])
	}
	return out
}

func appendRun(out []byte, r *clock.Run) []byte {
	form := byte(once)
	switch {
	case r.Of != nil:
		form = list
	case r.Mix != nil:
		form = mixed
	case r.Times > 1:
		form = again
	}
	out = binary.AppendUvarint(append(out, byte(r.Cause)|form<<3), uint64(r.Cycles))
	if form != once {
		out = binary.AppendUvarint(out, uint64(r.Times))
	}
	switch form {
	case list:
		out = appendRuns(out, r.Of)
	case mixed:
		for _, n := range r.Mix {
			out = binary.AppendUvarint(out, uint64(n))
		}
	}
	return out
}
