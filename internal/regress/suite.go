package regress

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/strictyaml"
)

// suite adds a golden suite: every case on every hardware.
func (f *finder) suite(path string) {
	if !f.first(path) {
		return
	}
	if t := topologyManifest(path); t != nil {
		f.addTopologies(path, t)
		return
	}
	if listsNoCases(path) {
		f.plan.cases = append(f.plan.cases, &job{source: path, id: path, kind: Golden,
			run: func(context.Context) outcome { return skip("manifest without operations is not supported yet") }})
		return
	}
	s, err := golden.Open(path)
	if err != nil {
		f.wrong(err)
		return
	}
	f.plan.read = append(f.plan.read, s.Paths()...)
	if len(f.plan.options.Hardware) == 0 {
		f.wrongf("%s: a golden suite needs hardware to run on; allowed: --hw HW.yaml, once or more", path)
		return
	}
	for _, b := range f.plan.hardware {
		for _, c := range s.Cases {
			f.golden(path, c, b)
		}
	}
}

// golden adds a case, or one for every model of a case of networks.
func (f *finder) golden(path string, c golden.Case, b board) {
	if !c.IsNetwork() {
		f.plan.addGolden(path, c.String(), b, operation(c.Op, c.XShape != nil, c.Inputs == nil), c)
		return
	}
	models, err := c.Networks()
	if err != nil {
		f.wrong(err)
		return
	}
	for _, m := range models {
		id := c.String()
		if m.Name != "" {
			id += "/" + m.Name
		}
		f.plan.addGolden(path, id, b, model(m), c)
	}
}

// listsNoCases reports whether a manifest lists files instead of operations, as
// one of network topologies does.
func listsNoCases(path string) bool {
	if filepath.Base(path) != manifest {
		return false
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	var m struct{ Cases []struct{ ID, Op string } }
	if json.Unmarshal(strictyaml.WithoutMark(text), &m) != nil {
		return false
	}
	for _, c := range m.Cases {
		if c.ID != "" || c.Op != "" {
			return false
		}
	}
	return true
}

// check holds a case to its expected results on one hardware.
type check func(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error

func (p *Plan) addGolden(path, id string, b board, run check, c golden.Case) {
	if len(p.hardware) > 1 {
		id += " on " + b.label
	}
	p.cases = append(p.cases, &job{source: path, id: id, kind: Golden,
		run: func(ctx context.Context) outcome { return judged(run(ctx, c, b.hw, p.options)) }})
}

// operation is how a case of one operation is run.
func operation(op string, shapesOnly, file bool) check {
	switch {
	case op == "Requantize":
		return requantize
	case file && !shapesOnly:
		return nodeModel
	case op == "Conv2d" && shapesOnly:
		return acceptance
	case op == "Conv2d" || op == "QLinearConv" || op == "ConvInteger":
		return convolution
	case op == "ConvTranspose2d" && shapesOnly:
		return transposedAcceptance
	}
	return single
}

// skipped says why a case cannot be run.
type skipped string

func (s skipped) Error() string { return string(s) }

// judged is what the error of a case makes of it.
func judged(err error) outcome {
	var m *mismatch
	var s skipped
	switch {
	case errors.As(err, &s):
		return skip(string(s))
	case errors.As(err, &m):
		return outcome{status: Failed, reason: m.note, diffs: m.diffs}
	case err != nil:
		return fail(err)
	}
	return outcome{}
}
