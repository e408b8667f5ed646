package regress

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/strictyaml"
)

// suite adds a golden suite: every case on every hardware.
func (f *finder) suite(path string) {
	if !f.first(path) {
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
			f.plan.addGolden(path, c, b)
		}
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

func (p *Plan) addGolden(path string, c golden.Case, b board) {
	id := c.String()
	if len(p.hardware) > 1 {
		id += " on " + b.label
	}
	p.cases = append(p.cases, &job{source: path, id: id, kind: Golden,
		run: func(ctx context.Context) outcome { return p.golden(ctx, c, b) }})
}

// golden runs one case on one hardware.
func (p *Plan) golden(ctx context.Context, c golden.Case, b board) outcome {
	run := convolution
	switch {
	case c.Op == "Requantize":
		run = requantize
	case c.Op != "Conv2d" && c.Op != "QLinearConv" && c.Op != "ConvInteger":
		return skip(fmt.Sprintf("op %s is not supported yet", c.Op))
	case c.XShape != nil:
		run = acceptance
	case c.Inputs == nil:
		return skip(fmt.Sprintf("op %s as an ONNX file is not supported yet", c.Op))
	}
	err := run(ctx, c, b.hw, p.options)
	var m *mismatch
	switch {
	case errors.As(err, &m):
		return outcome{status: Failed, reason: m.note, diffs: m.diffs}
	case err != nil:
		return fail(err)
	}
	return outcome{}
}
