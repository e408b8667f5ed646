package regress

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/rtl"
	"github.com/convsim/convsim/internal/strictyaml"
)

// suffix marks expectation files, manifest the folder of a golden suite.
const (
	suffix   = ".expect.yaml"
	manifest = "manifest.json"
)

const kindsAllowed = "NAME" + suffix + ", a golden " + manifest + " or its .zip, a .csv of RTL handshakes, a project of convsim rtl, or a folder of these"

// finder collects the cases of a plan and what is wrong with it.
type finder struct {
	plan     *Plan
	seen     map[string]bool
	mistakes Mistakes
}

// Open reads everything that paths name: expectation files, golden manifests,
// RTL tables, and folders, which are searched for all three in sorted order.
// The error is Mistakes: all of them at once; of the plan, then, only its Files
// mean anything.
func Open(paths []string, o Options) (*Plan, error) {
	f := &finder{plan: &Plan{options: o}, seen: map[string]bool{}}
	f.loadHardware(o.Hardware)
	if o.New != nil {
		f.create(*o.New)
	}
	for _, path := range paths {
		f.named(path)
	}
	if o.Update {
		f.checkWritable()
	}
	return f.plan, f.mistakes.err()
}

func (f *finder) wrong(err error) { f.mistakes = append(f.mistakes, err) }

func (f *finder) wrongf(format string, args ...any) { f.wrong(fmt.Errorf(format, args...)) }

// named adds what the user named: it has to be something.
func (f *finder) named(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.wrongf("%s: %w; allowed: %s", path, paths.Reason(err), kindsAllowed)
		return
	case info.IsDir():
		if f.folder(path) == 0 {
			f.wrongf("%s: nothing to run in this folder; allowed: %s", path, kindsAllowed)
		}
		return
	}
	switch {
	case strings.HasSuffix(path, suffix):
		f.expectation(path)
	case proof.Is(path):
		f.project(path)
	case filepath.Base(path) == manifest, filepath.Ext(path) == ".zip":
		f.suite(path)
	case filepath.Ext(path) == ".csv":
		f.table(path, true)
	default:
		f.wrongf("%s: %s; allowed: %s", path, unknownKind(path), kindsAllowed)
	}
}

// unknownKind says what a file is that cannot be run.
func unknownKind(path string) string {
	if data, err := strictyaml.ReadFile(path); err == nil {
		if kind := filekind.Of(data); kind != filekind.Unknown {
			return "this looks like " + string(kind)
		}
	}
	return "unknown kind of file"
}

// folder adds what is found in a folder and below, and returns how much that is.
func (f *finder) folder(root string) int {
	found := 0
	f.walk(root, func(path string) {
		switch {
		case strings.HasSuffix(path, suffix):
			f.expectation(path)
		case proof.Is(path):
			f.project(path)
		case filepath.Base(path) == manifest, filepath.Ext(path) == ".zip" && holdsManifest(path):
			f.suite(path)
		case filepath.Ext(path) != ".csv" || !f.table(path, false):
			return
		}
		found++
	})
	return found
}

// walk visits the files of a folder and below in sorted order. The folder may
// be a link to one; links below it are not followed.
func (f *finder) walk(root string, visit func(path string)) {
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			visit(filepath.Join(root, filepath.FromSlash(name)))
		}
		return err
	})
	if err != nil {
		f.wrongf("%s: %w", root, err)
	}
}

// first reports whether a file comes for the first time, by whatever name.
func (f *finder) first(path string) bool {
	key := filepath.Clean(path)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		key = real
	}
	if f.seen[key] {
		return false
	}
	f.seen[key] = true
	f.plan.read = append(f.plan.read, path)
	return true
}

// table adds an RTL table and reports whether it is one. A file of another kind
// is a mistake if it is named.
func (f *finder) table(path string, named bool) bool {
	t, err := rtl.Open(path)
	if errors.Is(err, rtl.ErrNotATable) && !named {
		return false
	}
	if !f.first(path) {
		return true
	}
	if err != nil {
		f.wrong(err)
		return true
	}
	f.plan.read = append(f.plan.read, t.Beside())
	f.plan.addTable(t)
	return true
}

// holdsManifest reports whether a zip is one of a golden suite.
func holdsManifest(path string) bool {
	z, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer z.Close()
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == manifest })
}

// loadHardware reads the files, and those of the folders, that golden suites
// and new expectations are for.
func (f *finder) loadHardware(paths []string) {
	names := map[string]int{}
	for _, path := range f.yamlFiles("--hw", paths) {
		f.plan.read = append(f.plan.read, path)
		hw, err := configs.LoadHardware(path)
		if err != nil {
			f.wrong(err)
			continue
		}
		names[hw.Name]++
		f.plan.read = append(f.plan.read, hw.Files()...)
		f.plan.hardware = append(f.plan.hardware, board{path: path, label: path, hw: hw})
	}
	for i, b := range f.plan.hardware {
		if names[b.hw.Name] == 1 {
			f.plan.hardware[i].label = b.hw.Name
		}
	}
}

// yamlFiles resolves paths that a flag gave: files and names of shipped ones as
// they are, folders to the YAML files in them and below, sorted.
func (f *finder) yamlFiles(flag string, given []string) []string {
	var files []string
	for _, path := range given {
		info, err := os.Stat(path)
		switch {
		case err != nil && configs.IsName(path):
			files = append(files, path)
			continue
		case err != nil:
			f.wrongf("%s %s: %w; allowed: a YAML file or a folder of them", flag, path, paths.Reason(err))
			continue
		case !info.IsDir():
			files = append(files, path)
			continue
		}
		found := len(files)
		f.walk(path, func(p string) {
			if ext := filepath.Ext(p); ext == ".yaml" || ext == ".yml" {
				files = append(files, p)
			}
		})
		if len(files) == found {
			f.wrongf("%s %s: no YAML file in it; allowed: a YAML file or a folder of them", flag, path)
		}
	}
	return files
}
