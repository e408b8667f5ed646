package regress

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/internal/wholefile"
)

// heading begins a new expectation file.
const heading = `# What convsim said when this was recorded: "convsim regress" holds it to that,
# "convsim regress --update" records it anew. A line a layer; stages are cycles
# as [busy, starved, blocked, other]. Comments are kept.
`

// create adds the expectation files that New describes, to be written when the
// plan has run. A file that is there already keeps its runs and gets those it
// has not.
func (f *finder) create(n New) {
	if n.Into == "" || len(n.Workloads) == 0 || len(f.plan.options.Hardware) == 0 || !f.plan.options.Update {
		f.wrongf("new expectations: something is missing; allowed: --update, --hw, --workload and --into together")
		return
	}
	if info, err := os.Stat(n.Into); err == nil && !info.IsDir() {
		f.wrongf("--into %s: this is a file; allowed: a folder for the expectations", n.Into)
		return
	}
	workloads := f.yamlFiles("--workload", n.Workloads)
	named := len(f.mistakes)
	for _, w := range workloads {
		if _, err := configs.Find("--workload", w, configs.WorkloadFiles, configs.LayerFiles, configs.NetworkFiles); err != nil {
			f.wrong(err)
		}
	}
	if len(workloads) == 0 || len(f.mistakes) > named {
		return
	}
	for _, b := range f.plan.hardware {
		f.createFile(n, b.path, workloads)
	}
}

// checkWritable says before anything runs which files cannot be written.
func (f *finder) checkWritable() {
	for _, e := range f.plan.files {
		err := wholefile.CheckIn(filepath.Dir(e.path))
		if paths.Exist(e.path) {
			err = wholefile.Check(e.path)
		}
		if err != nil {
			f.wrongf("cannot write %s: %w", e.path, paths.Reason(err))
		}
	}
}

func (f *finder) createFile(n New, hw string, workloads []string) {
	path := filepath.Join(n.Into, strings.TrimSuffix(filepath.Base(hw), filepath.Ext(hw))+suffix)
	if !f.first(path) {
		f.wrongf("--hw %s: another hardware file of this name is given; allowed: one each, since the expectations go to %s", hw, path)
		return
	}
	e := &expectation{path: path, inFile: true}
	var err error
	if e.text, err = strictyaml.ReadFile(path); errors.Is(err, fs.ErrNotExist) {
		e.inFile = false
		e.text, err = newFile(path, hw)
	}
	if err != nil {
		f.wrong(err)
		return
	}
	text, err := n.addRuns(path, e.text, workloads)
	if err != nil {
		f.wrong(err)
		return
	}
	if text != nil {
		e.text, e.inFile = text, false
	}
	f.add(e)
}

// newFile is the text of a file without runs.
func newFile(path, hw string) ([]byte, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	setNode(n, "hardware", scalar("!!str", relative(path, hw)))
	setNode(n, "runs", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"})
	text, err := encode(n)
	return append([]byte(heading), text...), err
}

// addRuns adds the workloads that the file does not have; nil if it has all. A
// text that is no expectation file is left for the decoder to complain about.
func (n New) addRuns(path string, text []byte, workloads []string) ([]byte, error) {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return nil, nil
	}
	runs := node(doc.Content[0], "runs")
	if runs == nil || runs.Kind != yaml.SequenceNode {
		return nil, nil
	}
	runs.Style = 0
	added := false
	for _, w := range workloads {
		has := func(run *yaml.Node) bool {
			named := node(run, kindOf(w))
			return named != nil && filepath.Join(filepath.Dir(path), filepath.FromSlash(named.Value)) == filepath.Join(filepath.Dir(path), relative(path, w))
		}
		if !slices.ContainsFunc(runs.Content, has) {
			runs.Content = append(runs.Content, n.run(kindOf(w), relative(path, w)))
			added = true
		}
	}
	if !added {
		return nil, nil
	}
	return encode(&doc)
}

// kindOf is the key by which a run names a file: a model, or a workload.
func kindOf(path string) string {
	if modelfile.Is(path) {
		return "model"
	}
	return "workload"
}

// run is a run without layers; what is the default is left out.
func (n New) run(key, workload string) *yaml.Node {
	run := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	setNode(run, key, scalar("!!str", workload))
	if n.Frames != 0 {
		setNode(run, "frames", integer(int64(n.Frames)))
	}
	if n.Seed != 1 {
		setNode(run, "seed", integer(n.Seed))
	}
	for _, b := range []struct {
		key string
		off bool
	}{{"values", n.NoValues}, {"stages", n.NoStages}} {
		if b.off {
			setNode(run, b.key, scalar("!!bool", strconv.FormatBool(false)))
		}
	}
	return run
}

// relative is target as a file at path names it: a shipped file by its name.
func relative(path, target string) string {
	if !paths.Exist(target) && configs.IsName(target) {
		return target
	}
	to := paths.Real(target)
	rel, err := filepath.Rel(paths.Real(filepath.Dir(path)), to)
	if err != nil {
		return filepath.ToSlash(to)
	}
	return filepath.ToSlash(rel)
}
