package hdltools

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Modules are the names of the SystemVerilog files of a folder.
func Modules(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.sv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v of %s", err, dir)
	}
	for i, f := range files {
		files[i] = filepath.Base(f)
	}
	return files
}

// Lint holds hardware to every warning that a linter knows: Verilator -Wall, slang
// -Wextra and Icarus must be silent, and there is no waiver in it.
func Lint(t testing.TB, dir, top string) {
	t.Helper()
	modules := Modules(t, dir)
	for _, m := range modules {
		text, err := os.ReadFile(filepath.Join(dir, m))
		if err != nil || strings.Contains(string(text), "lint_off") || strings.Contains(string(text), "pragma") {
			t.Errorf("%s: %v, or it has a waiver", m, err)
		}
	}
	if Here(t, "verilator") {
		run(t, dir, "verilator", append([]string{"--lint-only", "-Wall", "--top-module", top}, modules...)...)
	}
	if Here(t, "iverilog") {
		run(t, dir, "iverilog", append([]string{"-g2012", "-t", "null", "-s", top}, modules...)...)
	}
	if python, ok := slang(); ok {
		run(t, dir, python, append([]string{"-c", script, "-Wextra", "-Werror", "--top", top}, modules...)...)
	}
}

// Yosys runs commands behind those that read the hardware, which must say that all is
// well: no loop without a register, no wire that two drive or none.
func Yosys(t testing.TB, dir, top, commands string) {
	t.Helper()
	if Here(t, "yosys") {
		run(t, dir, "yosys", "-q", "-p", "read_verilog -sv -defer *.sv; hierarchy -check -top "+top+"; proc; check -assert; "+commands)
	}
}

// Here reports whether a program is installed.
func Here(t testing.TB, name string) bool {
	t.Helper()
	_, err := exec.LookPath(name)
	if err != nil {
		t.Logf("%s is not installed", name)
	}
	return err == nil
}

// script is slang's command line, which the Python package does not bring.
//
//go:embed slang.py
var script string

// slang finds a Python that has slang; CONVSIM_SLANG names one.
func slang() (python string, ok bool) {
	python = os.Getenv("CONVSIM_SLANG")
	if python == "" {
		python = "python3"
	}
	return python, exec.Command(python, "-c", "import pyslang").Run() == nil
}

// run runs a program in the folder; it must be silent.
func run(t testing.TB, dir, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%s: %v\n%s", filepath.Base(name), err, out)
	}
}
