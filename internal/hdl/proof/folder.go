package proof

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/wholefile"
)

// Write writes the folder. One that is there must be empty, or hold a project as it was
// written, whose files are replaced. The manifest comes first: what a run that was cut off
// has left is known as a project, too.
func (p *Project) Write(dir string) error {
	old, err := earlier(dir)
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, again := p.Files[path]; !again {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(path))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	for _, path := range slices.Insert(p.paths(), 0, manifestFile) {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, p.Files[path], 0o666); err != nil {
			return errors.Join(err, os.Remove(file)) // not the half of it
		}
	}
	return nil
}

// CheckFolder says early why Write would not write into a folder.
func CheckFolder(dir string) error {
	if _, err := earlier(dir); err != nil {
		return err
	}
	if err := wholefile.CheckIn(dir); err != nil {
		return fmt.Errorf("cannot write there: %w", paths.Reason(err))
	}
	return nil
}

// Is reports whether a file is the manifest of a project.
func Is(path string) bool {
	var m manifest
	data, err := os.ReadFile(path)
	return err == nil && filepath.Base(path) == manifestFile && json.Unmarshal(data, &m) == nil && m.Kind == projectKind
}

// Open reads the project that a manifest lists. Its hardware may have been changed,
// what it is held to may not.
func Open(path string) (*Project, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if m.Kind != projectKind || m.Format != 1 || hdl.Identifier(m.Name) != m.Name {
		return nil, fmt.Errorf("%s: this is no project that convsim rtl wrote", path)
	}
	p := &Project{Name: m.Name, Cycles: m.Cycles, Ends: m.Ends, Outputs: m.Outputs, Files: map[string][]byte{}}
	for name, hash := range m.Hashes {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return nil, fmt.Errorf("%s: it lists %s, which is outside of the folder", path, name)
		}
		file := filepath.Join(filepath.Dir(path), filepath.FromSlash(name))
		if p.Files[name], err = os.ReadFile(file); err != nil {
			return nil, err
		}
		if strings.HasPrefix(name, "tb/") && changed(file, hash) {
			return nil, fmt.Errorf("%s was changed: hardware is not held to it; allowed: the file as convsim rtl wrote it", file)
		}
	}
	return p, nil
}

// changed reports whether a file is not the one of a hash.
func changed(file, hash string) bool {
	data, err := os.ReadFile(file)
	return err != nil || hash != fmt.Sprintf("%x", sha256.Sum256(data))
}

// earlier lists the files of a project that is in the folder. What else is there,
// but for what simulation and synthesis leave, is refused.
func earlier(dir string) ([]string, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is a file; allowed: a folder that is empty, or not there", dir)
	}
	if err != nil {
		return nil, err
	}
	var m manifest
	if data, err := os.ReadFile(filepath.Join(dir, manifestFile)); err == nil && json.Unmarshal(data, &m) != nil {
		m.Hashes = nil
	}
	var old []string
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name == "build":
			return fs.SkipDir
		case d.IsDir(), name == "synth.txt":
			return nil
		case len(m.Hashes) == 0 || name != manifestFile && m.Hashes[name] == "":
			return fmt.Errorf("%s holds other files (%s); allowed: a folder that is empty, not there, or written by convsim rtl", dir, name)
		case name != manifestFile && changed(filepath.Join(dir, name), m.Hashes[name]):
			return fmt.Errorf("%s was changed since convsim rtl wrote it, and would be lost; allowed: another folder", filepath.Join(dir, name))
		}
		if filepath.IsLocal(name) && !strings.Contains(name, "..") {
			old = append(old, name)
		}
		return nil
	})
	return old, err
}
