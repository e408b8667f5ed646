package difference

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/jsonfile"
	"github.com/convsim/convsim/sim"
)

// content is what a file may hold.
const content = "what `convsim run --json` prints"

// Decode reads a report of whatever kind, which its keys tell. Mistakes have their place
// in the file.
func Decode(file string, data []byte) (*Run, error) {
	text := jsonfile.New(file, data, content)
	var keys map[string]json.RawMessage
	if err := text.Decode(&keys); err != nil {
		return nil, err
	}
	has := func(key string) bool { return len(keys[key]) > 0 && string(keys[key]) != "null" }
	var run *Run
	var err error
	switch {
	case has("layer"):
		err = complete(file, has, "stages", "fifos", "resources")
		run, err = read(text, err, ofLayer)
	case has("model") && has("mode"):
		err = complete(file, has, "dram", "layers")
		run, err = read(text, err, ofLayerwise)
	case has("model"):
		err = complete(file, has, "stages", "fifos", "layers", "resources")
		run, err = read(text, err, ofNetwork)
	default:
		err = fmt.Errorf(`%s:1:1: no report of a run: it has neither "layer" nor "model"; allowed: %s`, file, content)
	}
	if err != nil {
		return nil, err
	}
	run.File = file
	return run, nil
}

// read makes a run of a report that has all keys.
func read[R sim.Report | sim.NetworkReport | sim.LayerwiseReport](text jsonfile.Value, wrong error, of func(*R) *Run) (*Run, error) {
	var report R
	if err := errors.Join(wrong, text.Decode(&report)); err != nil {
		return nil, err
	}
	run := of(&report)
	if run.Cycles < 0 || run.Frames < 0 {
		return nil, text.Errorf("has %d cycles, %d frames; allowed: 0 or more", run.Cycles, run.Frames)
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
	return fmt.Errorf("%s:1:1: the report has no %s; allowed: %s", file, strings.Join(missing, ", "), content)
}
