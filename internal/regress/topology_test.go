package regress

import (
	"path/filepath"
	"strings"
	"testing"
)

// smallTopology is a list of layers, as the golden suite has them.
const smallTopology = `{"total_macs": 2264, "layers": [
	{"name": "conv", "op": "Conv2d", "cin": 2, "cout": 4, "kh": 3, "kw": 3, "stride": [2, 1], "pad": [1, 0], "dilation": [1, 1],
	 "groups": 2, "bias": false, "n": 1, "hin": 6, "win": 5, "hout": 3, "wout": 3, "macs": 324},
	{"name": "wide", "op": "Conv2d", "cin": 4, "cout": 8, "kh": 1, "kw": 3, "stride": [1, 1], "pad": [0, 2], "dilation": [1, 2],
	 "groups": 1, "bias": true, "n": 1, "hin": 5, "win": 4, "hout": 5, "wout": 4, "macs": 1920},
	{"name": "pool", "op": "MaxPool2d", "kernel": 2, "stride": 2, "pad": 0, "dilation": 1, "macs": 0},
	{"name": "scores", "op": "Linear", "cin": 5, "cout": 4, "macs": 20}]}`

// TestTopologies: every layer of a list is planned and timed, its shape and its
// multiply-accumulates compared.
func TestTopologies(t *testing.T) {
	for name, c := range map[string]struct{ old, fresh, want string }{
		"right":        {"", "", "1 passed, 0 failed, 0 skipped"},
		"output":       {`"wout": 3`, `"wout": 4`, "conv output [3 4] -> [3 3]"},
		"a layer":      {`"macs": 324`, `"macs": 325`, "conv macs 325 -> 324"},
		"all":          {`"total_macs": 2264`, `"total_macs": 2265`, "macs of the list 2264 -> 2265"},
		"columns":      {`"cout": 4, "macs": 20`, `"cout": 5, "macs": 20`, "scores macs 20 -> 25"},
		"illegal":      {`"groups": 2`, `"groups": 3`, "layer conv"},
		"another kind": {`"op": "Linear"`, `"op": "Bilinear"`, "scores macs 20 -> 0"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "small.json", strings.Replace(smallTopology, c.old, c.fresh, 1))
			write(t, dir, manifest, `{"suite": "small", "cases": [{"file": "small.json", "layers": 4, "total_macs": 2264}]}`)
			text, _ := run(t, []string{dir}, Options{Hardware: []string{edge}})
			if !strings.Contains(text, c.want) {
				t.Errorf("got:\n%s\nwant: %s", text, c.want)
			}
		})
	}
}

// TestTopologySuite: the suite of full-size networks, lists and models.
func TestTopologySuite(t *testing.T) {
	dir := filepath.Join(goldenFolder(t), "topologies")
	text, r := run(t, []string{dir}, Options{Hardware: []string{edge}})
	if r.Failed > 0 || r.Passed != 14 {
		t.Errorf("%d passed, %d failed\n%s", r.Passed, r.Failed, text)
	}
}
