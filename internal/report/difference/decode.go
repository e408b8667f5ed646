package difference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/sim"
)

// allowed is what a file may hold.
const allowed = "allowed: what `convsim run --json` prints"

// Decode reads a report of whatever kind, which its keys tell. Mistakes have their place
// in the file.
func Decode(file string, data []byte) (*Run, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var keys map[string]json.RawMessage
	if err := decode(file, data, &keys); err != nil {
		return nil, err
	}
	has := func(key string) bool { return len(keys[key]) > 0 && string(keys[key]) != "null" }
	var run *Run
	var err error
	switch {
	case has("layer"):
		err = complete(file, has, "stages", "fifos", "resources")
		run, err = read(file, data, err, ofLayer)
	case has("model") && has("mode"):
		err = complete(file, has, "dram", "layers")
		run, err = read(file, data, err, ofLayerwise)
	case has("model"):
		err = complete(file, has, "stages", "fifos", "layers", "resources")
		run, err = read(file, data, err, ofNetwork)
	default:
		err = fmt.Errorf(`%s:1:1: no report of a run: it has neither "layer" nor "model"; %s`, file, allowed)
	}
	if err != nil {
		return nil, err
	}
	run.File = file
	return run, nil
}

// read makes a run of a report that has all keys.
func read[R sim.Report | sim.NetworkReport | sim.LayerwiseReport](file string, data []byte, wrong error, of func(*R) *Run) (*Run, error) {
	var report R
	if err := errors.Join(wrong, decode(file, data, &report)); err != nil {
		return nil, err
	}
	run := of(&report)
	if run.Cycles < 0 || run.Frames < 0 {
		return nil, fmt.Errorf("%s:1:1: %d cycles, %d frames; allowed: 0 or more", file, run.Cycles, run.Frames)
	}
	return run, nil
}

// complete says which keys are missing, all of them; those of every report besides.
func complete(file string, has func(string) bool, keys ...string) error {
	var missing []string
	for _, key := range slices.Concat([]string{"hardware", "frames", "cycles", "clock_mhz", "multipliers", "utilization", "fps"}, keys) {
		if !has(key) {
			missing = append(missing, key)
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("%s:1:1: the report has no %s; %s", file, strings.Join(missing, ", "), allowed)
}

// decode reads one JSON value and refuses more.
func decode(file string, data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	err := d.Decode(into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: not JSON: %v; %s", place(file, data, syntax.Offset-1), err, allowed)
	case errors.As(err, &kind):
		key := kind.Field
		if key == "" {
			key = "the whole"
		}
		return fmt.Errorf("%s: %s is %s; allowed: %s", place(file, data, start(data, kind.Offset-1)), key, kind.Value, words(kind))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the file ends before the report does; %s", place(file, data, int64(len(data))), allowed)
	case err != nil:
		return fmt.Errorf("%s:1:1: %w; %s", file, err, allowed)
	}
	if rest := bytes.TrimLeft(data[d.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return fmt.Errorf("%s: more after the report; allowed: one report", place(file, data, int64(len(data)-len(rest))))
	}
	return nil
}

// words say what a value of another kind should have been.
func words(wrong *json.UnmarshalTypeError) string {
	switch kind := wrong.Type.Kind().String(); {
	case kind == "map" || kind == "struct":
		return "an object, as `convsim run --json` prints"
	case kind == "slice":
		return "a list"
	case strings.HasPrefix(kind, "int"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	}
	return "a text"
}

// start is where a text, number or word begins of which the last byte is given.
func start(data []byte, last int64) int64 {
	at := min(max(last, 0), int64(len(data)-1))
	if data[at] != '"' {
		for at > 0 && !strings.ContainsRune("[]{}", rune(data[at])) && !strings.ContainsRune(" \t\r\n:,[{", rune(data[at-1])) {
			at--
		}
		return at
	}
	for at--; at > 0; at-- {
		escapes := len(data[:at]) - len(bytes.TrimRight(data[:at], `\`))
		if data[at] == '"' && escapes%2 == 0 {
			break
		}
	}
	return max(at, 0)
}

// place is the line and column of an offset, both from 1.
func place(file string, data []byte, at int64) string {
	before := data[:min(max(at, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}
