package golden

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/convsim/convsim/internal/jsonfile"
)

// manifestName is the file that makes a folder a suite.
const manifestName = "manifest.json"

// maxManifest is the largest manifest read, in bytes.
const maxManifest = 64 << 20

// maxZip is the largest zip read, which is held in memory, in bytes.
const maxZip = 1 << 30

// Suite is a list of cases and the files they name.
type Suite struct {
	Name, Description string
	Cases             []Case // in the order of the manifest
	files             fs.FS
	folder            string // of the files, empty if they are in a zip
}

// Open reads the manifest of a suite: a folder, the manifest.json in it, or a
// zip of the folder.
func Open(path string) (*Suite, error) {
	files, err := openFiles(path)
	if err != nil {
		return nil, err
	}
	dir, _ := files.(folder)
	file := filepath.Join(cmp.Or(dir.path, path), manifestName)
	s, err := read(file, files)
	if err != nil {
		return nil, err
	}
	s.folder = dir.path
	return s, nil
}

// folder is a folder of files that knows where it is.
type folder struct {
	fs.FS
	path string
}

func openFolder(path string) fs.FS { return folder{os.DirFS(path), path} }

// Paths returns where the files of the cases are, nothing if they are in a zip.
func (s *Suite) Paths() []string {
	if s.folder == "" {
		return nil
	}
	var paths []string
	for _, c := range s.Cases {
		var all any
		if c.Decode(&all) == nil {
			eachFile(all, func(name string) { paths = append(paths, filepath.Join(s.folder, filepath.FromSlash(name))) })
		}
	}
	return paths
}

// eachFile calls f with every file that is named anywhere in a case.
func eachFile(v any, f func(name string)) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			eachFile(one, f)
		}
	case map[string]any:
		if name, ok := v["file"].(string); ok {
			f(name)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			eachFile(v[key], f)
		}
	}
}

// openFiles returns the files of a suite whichever way it is stored.
func openFiles(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return openFolder(path), nil
	case filepath.Base(path) == manifestName:
		return openFolder(filepath.Dir(path)), nil
	}
	if info.Size() > maxZip {
		return nil, fmt.Errorf("%s is larger than %d bytes; allowed: a zip up to that size, or the folder itself", path, int64(maxZip))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; allowed: a folder, its %s, or a zip of it", path, err, manifestName)
	}
	return files, nil
}

// read reads the manifest and makes sure that cases can be told apart.
func read(file string, files fs.FS) (*Suite, error) {
	text, err := readFile(files, manifestName, maxManifest)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var manifest struct {
		Suite, Description string
		Cases              []json.RawMessage `json:"cases"`
	}
	whole := jsonfile.New(file, text, "the manifest of a suite")
	if err := whole.Decode(&manifest); err != nil {
		return nil, err
	}
	s := &Suite{Name: manifest.Suite, Description: manifest.Description, files: files}
	seen := map[string]bool{}
	var errs []error
	for _, value := range whole.Elements("cases", manifest.Cases) {
		c := Case{suite: s, value: value}
		if err := value.Decode(&c); err != nil {
			errs = append(errs, err)
			continue
		}
		if c.ID == "" || seen[c.ID] {
			errs = append(errs, value.Errorf("has id %q; allowed: a name of its own", c.ID))
		}
		seen[c.ID] = true
		s.Cases = append(s.Cases, c)
	}
	return s, errors.Join(errs...)
}

// Case returns the case of that id.
func (s *Suite) Case(id string) (Case, error) {
	for _, c := range s.Cases {
		if c.ID == id {
			return c, nil
		}
	}
	return Case{}, fmt.Errorf("suite %s has no case %q", s.Name, id)
}

// readFile reads a file of at most limit bytes.
func readFile(files fs.FS, name string, limit int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w", name, errors.New("larger than expected"))
	}
	return data, nil
}
