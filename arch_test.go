package convsim_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the rooms of the house, those at the bottom first. A package imports
// packages of lower floors only; ARCHITECTURE.md says what each is for.
var floors = [][]string{
	{"internal/conv", "internal/scalar", "internal/simd", "tensor", "internal/wave"},
	{"sched", "internal/network", "internal/second"},
	{"pipeline", "internal/onnx"},
	{"pipeline/clock", "pipeline/flow", "internal/resources", "internal/hdl"},
	{"internal/wiring", "linebuffer", "configs", "pipeline/probe"},
	{"pe"},
	{"internal/mapping"},
	{"sim", "internal/rtl"},
	{"internal/sizing", "internal/report", "internal/hdl/proof", "internal/dse/expr", "internal/dse/space", "internal/dse/pareto"},
	{"internal/fit", "internal/hdl/synth", "internal/report/runpage", "internal/report/difference", "internal/dse/search", "internal/dse/metric", "internal/dse/template"},
	{"internal/report/runs", "internal/dse/journal", "internal/dse/definition"},
	{"internal/dse/judge", "internal/dse/sweepfile"},
	{"internal/dse/results"},
	{"internal/dse", "internal/regress", "."},
	{"cmd/convsim", "examples"},
}

// never are arrows that may not exist even through other packages, each with why.
var never = []struct{ from, to, why string }{
	{"internal/conv", "pe internal/scalar internal/simd sched pipeline internal/mapping sim", "a reference shares nothing with the machine it checks"},
	{"internal/network", "pe internal/scalar internal/simd sched pipeline internal/mapping sim", "a reference shares nothing with the machine it checks"},
	{"internal/second", "pe internal/scalar internal/simd sched pipeline linebuffer internal/wiring internal/mapping internal/network sim", "a check shares nothing with what it checks"},
	{"internal/stepsim", "internal/conv sched pipeline linebuffer pe internal/wiring internal/mapping sim", "an oracle shares nothing with what it checks"},
	{"pipeline", "linebuffer pe internal/wiring internal/mapping configs", "no mechanism knows a block"},
	{"pipeline/clock", "pipeline/flow internal/resources linebuffer pe internal/wiring internal/mapping configs", "time knows no values and no block"},
	{"pipeline/probe", "linebuffer pe internal/wiring internal/mapping configs", "a probe knows no block"},
	{"pipeline/flow", "pipeline/clock internal/resources linebuffer pe internal/wiring internal/mapping configs", "values know no time and no block"},
	{"internal/resources", "pipeline/clock pipeline/flow linebuffer pe internal/wiring internal/mapping configs", "cost knows neither plane and no block"},
	{"internal/hdl", "pipeline/clock pipeline/flow internal/resources linebuffer pe internal/wiring internal/mapping configs", "hardware knows neither plane and no block"},
	{"internal/report", "sim internal/dse configs internal/resources pipeline", "the page knows columns, no hardware"},
	{"internal/report/runpage", "sim internal/dse configs internal/resources linebuffer pe internal/wiring", "the page of a run knows stages and numbers, no hardware"},
	{"internal/wave", "pipeline sched configs sim", "signals know no hardware"},
	{"internal/scalar", "tensor internal/network internal/conv", "arithmetic apart from the reference"},
}

// testsOnly are packages that only tests, and the packages listed, may import.
var testsOnly = map[string][]string{
	"internal/stepsim":   {"internal/blocktest"},
	"internal/blocktest": nil,
	"internal/models":    nil,
	"internal/vcdread":   {"internal/wavediff"},
	"internal/webdriver": nil,
	"internal/hdltools":  nil,
	"internal/compare":   nil,
}

// module is the prefix of the house's own imports.
const module = "github.com/convsim/convsim"

// TestImportsPointDown: every package has a floor and imports lower ones only.
func TestImportsPointDown(t *testing.T) {
	floor := map[string]int{}
	for i, rooms := range floors {
		for _, r := range rooms {
			floor[r] = i
		}
	}
	all := imports(t)
	for _, from := range slices.Sorted(maps.Keys(all)) {
		level, ok := floor[from]
		if !ok && helper(from) {
			continue
		}
		if !ok {
			t.Errorf("%s has no floor: give it one in this test and a line in ARCHITECTURE.md", from)
			continue
		}
		for _, to := range all[from] {
			if below, ok := floor[to]; ok && below >= level {
				t.Errorf("%s imports %s, which is not on a lower floor", from, to)
			}
			if within(to, "cmd", "examples") {
				t.Errorf("%s imports %s: nothing may", from, to)
			}
		}
	}
	for room := range floor {
		if _, ok := all[room]; !ok && room != "examples" {
			t.Errorf("%s has a floor and is no package", room)
		}
	}
}

// TestNothingLeadsThere: some packages must not see others, however far around.
func TestNothingLeadsThere(t *testing.T) {
	all := imports(t)
	for _, n := range never {
		seen := reached(all, n.from)
		for _, to := range strings.Fields(n.to) {
			if via, ok := seen[to]; ok {
				t.Errorf("%s leads to %s by %s: %s", n.from, to, via, n.why)
			}
		}
	}
	for from, list := range all {
		for _, to := range list {
			if allowed, ok := testsOnly[to]; ok && !slices.Contains(allowed, from) {
				t.Errorf("%s imports %s, which is for tests", from, to)
			}
		}
	}
}

// helper reports whether a package has no place in the story: helpers, generators and
// programs.
func helper(pkg string) bool {
	return within(pkg, "configs/internal", "examples", "internal/blocktest", "internal/filekind", "internal/golden", "internal/imagefile",
		"internal/jsonfile", "internal/kind", "internal/madeup", "internal/modelfile", "internal/models", "internal/paths", "internal/scalesim", "internal/stepsim",
		"internal/abreast", "internal/compare", "internal/reuse", "internal/hdltools", "internal/strictyaml", "internal/textwrap", "internal/tool", "internal/vcdread", "internal/wavediff", "internal/webdriver", "internal/wholefile")
}

// within reports whether a package is one of the folders or inside one.
func within(pkg string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
}

// reached lists all packages that one imports, directly or not, with the package
// that led there.
func reached(all map[string][]string, from string) map[string]string {
	seen := map[string]string{}
	var walk func(pkg string)
	walk = func(pkg string) {
		for _, to := range all[pkg] {
			if _, ok := seen[to]; !ok {
				seen[to] = pkg
				walk(to)
			}
		}
	}
	walk(from)
	return seen
}

// imports lists, for every package of the module, the packages of the module that
// its files import, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "tools" || len(d.Name()) > 1 && d.Name()[0] == '.'):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(name))
		list := all[from]
		for _, i := range file.Imports {
			to, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if to == module {
				list = append(list, ".")
			} else if rest, ok := strings.CutPrefix(to, module+"/"); ok {
				list = append(list, rest)
			}
		}
		slices.Sort(list)
		all[from] = slices.Compact(list)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
