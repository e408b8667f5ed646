package configs

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
)

//go:embed hardware layers networks workloads sweeps schema
var shipped embed.FS

// shippedRoot stands for the folder of the shipped files in the paths of those,
// which are read from the program itself.
const shippedRoot = "convsim:"

// Folder is a folder of shipped files.
type Folder string

// The folders whose files have names.
const (
	HardwareFiles Folder = "hardware"
	LayerFiles    Folder = "layers"
	NetworkFiles  Folder = "networks"
	WorkloadFiles Folder = "workloads"
	SweepFiles    Folder = "sweeps"
)

// Folders lists them.
func Folders() []Folder {
	return []Folder{HardwareFiles, LayerFiles, NetworkFiles, WorkloadFiles, SweepFiles}
}

// ShippedFS holds all shipped files: the folders, and schema.
func ShippedFS() fs.FS { return shipped }

// Shipped returns the names of the files in a folder and below, sorted.
func Shipped(folder Folder) []string {
	var names []string
	walkShipped(folder, func(name, _ string) { names = append(names, name) })
	slices.Sort(names)
	return names
}

// walkShipped visits the YAML files of a folder and below.
func walkShipped(folder Folder, visit func(name, file string)) {
	err := fs.WalkDir(shipped, string(folder), func(file string, _ fs.DirEntry, err error) error {
		if path.Ext(file) == ".yaml" {
			visit(baseName(file), file)
		}
		return err
	})
	if err != nil {
		panic("configs: " + err.Error())
	}
}

// IsName reports whether a text names a shipped file and not a path: no folder,
// no ending.
func IsName(text string) bool {
	return text != "" && !strings.ContainsAny(text, `/\`) && filepath.Ext(text) == ""
}

// Find returns the path of a file that a user has named: the text itself, or
// that of the shipped file of this name in one of the folders. A file of the
// user's own comes first. A name of neither is answered with those there are.
func Find(what, text string, folders ...Folder) (string, error) {
	if !IsName(text) {
		return text, nil
	}
	info, err := os.Stat(text)
	if err == nil && !info.IsDir() {
		return text, nil
	}
	var known []string
	for _, folder := range folders {
		if found := findShipped(text, folder); found != "" {
			return found, nil
		}
		known = append(known, Shipped(folder)...)
	}
	if err == nil {
		return text, nil // a folder, which reading refuses
	}
	if _, there := os.Lstat(text); there == nil {
		return "", fmt.Errorf("%s: open %s: %w", what, text, paths.Reason(err)) // a link that leads nowhere
	}
	for _, folder := range Folders() {
		if findShipped(text, folder) != "" {
			return "", fmt.Errorf("%s: there is no file %s here, and the shipped one of that name is among the %s; allowed: a path, or one of %s",
				what, text, folder, strings.Join(known, ", "))
		}
	}
	return "", fmt.Errorf("%s: there is no file %s here, and none of that name is shipped; allowed: a path, or one of %s%s",
		what, text, strings.Join(known, ", "), strictyaml.Suggestion(text, known))
}

// findShipped returns the path of the shipped file of a name, empty if there is
// none.
func findShipped(name string, folders ...Folder) string {
	found := ""
	for _, folder := range folders {
		walkShipped(folder, func(has, file string) {
			if has == name {
				found = shippedRoot + "/" + file
			}
		})
	}
	return found
}

// inShipped returns the place of a shipped file.
func inShipped(path string) (string, bool) {
	return strings.CutPrefix(filepath.ToSlash(path), shippedRoot+"/")
}

// ReadFile reads a text file, or a shipped one by its path.
func ReadFile(path string) ([]byte, error) {
	if file, ok := inShipped(path); ok {
		return shipped.ReadFile(file)
	}
	return strictyaml.ReadFile(path)
}

// Unread says that a file cannot be read, and that a shipped one has its name, if one has; of a file that is too large,
// what is wrong at its beginning, as read into target.
func Unread(what, path string, err error, target any) error {
	name := baseName(path)
	var large *strictyaml.TooLarge
	if errors.As(err, &large) {
		return errors.Join(large.Mistakes(target), fmt.Errorf("%s: %w", what, err))
	}
	if errors.Is(err, fs.ErrNotExist) && findShipped(name, Folders()...) != "" {
		return fmt.Errorf("%s: %w; the shipped one goes by the name %s", what, err, name)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Open opens the file that the path names, which may be a shipped one.
func (p Path) Open() (io.ReadCloser, error) {
	if file, ok := inShipped(p.Resolved); ok {
		return shipped.Open(file)
	}
	return os.Open(p.Resolved)
}
