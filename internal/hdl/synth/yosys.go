package synth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/tool"
)

// program is what synthesizes.
const program = "yosys"

// ErrMissing says that Yosys is not there.
var ErrMissing = errors.New("yosys is not installed; on Debian: apt-get install --no-install-recommends yosys")

// Present says what is wrong with synthesizing here, nil if nothing is.
func Present() error {
	if _, err := exec.LookPath(program); err != nil {
		return ErrMissing
	}
	return nil
}

// synthesize maps the project and returns its netlist. The memories are read while
// modules are: relative to the folder in which Yosys runs.
func synthesize(ctx context.Context, p *proof.Project, f Family) (*netlist, error) {
	dir, err := tool.Folder("synth")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := p.Write(dir); err != nil {
		return nil, err
	}
	var sources []string
	for path := range strings.FieldsSeq(string(p.Files["files.f"])) {
		sources = append(sources, strings.TrimPrefix(path, "rtl/"))
	}
	script := fmt.Sprintf("read_verilog -sv -defer %s; hierarchy -top %s; setattr -mod -set keep_hierarchy 1 %s; "+
		"synth_xilinx -flatten -noiopad -family %s -top %s; json -o ../netlist.json",
		strings.Join(sources, " "), p.Name, strings.Join(kept(p), " "), f, p.Name)
	if _, err := tool.Run(ctx, filepath.Join(dir, "rtl"), program, "-q", "-p", script); err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(dir, "netlist.json"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readNetlist(file)
}

// adder is a module that is kept too: Yosys makes compressor trees of sums that it
// sees whole, of several times the LUTs.
const adder = "convsim_add"

// instance finds what a generated module consists of.
var instance = regexp.MustCompile(`\bconvsim_[a-z0-9_]+\b`)

// kept selects the modules that stay apart: the generated ones and the blocks in them.
// Within a block all is one, so that what is constant there costs nothing.
func kept(p *proof.Project) []string {
	names := map[string]bool{adder: true}
	for name, text := range p.Circuit.Sources {
		if !strings.HasPrefix(name, p.Name) {
			continue
		}
		names[name] = true
		for _, block := range instance.FindAllString(text, -1) {
			names[block] = true
		}
	}
	var patterns []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		patterns = append(patterns, "*"+name+"*") // with its parameters, or a digest of them
	}
	return patterns
}
