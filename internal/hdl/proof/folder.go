package proof

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/internal/hdl"
)

// Write writes the folder. One that is there must be empty, or hold a project that
// nobody has added to: its files are replaced.
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
	for _, path := range p.paths() {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, p.Files[path], 0o666); err != nil {
			return err
		}
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
		if strings.HasPrefix(name, "tb/") && hash != fmt.Sprintf("%x", sha256.Sum256(p.Files[name])) {
			return nil, fmt.Errorf("%s was changed: hardware is not held to it; allowed: the file as convsim rtl wrote it", file)
		}
	}
	return p, nil
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
	ours := map[string]bool{manifestFile: true}
	if data, err := os.ReadFile(filepath.Join(dir, manifestFile)); err == nil {
		var m manifest
		if json.Unmarshal(data, &m) == nil {
			for path := range m.Hashes {
				ours[path] = true
			}
		}
	}
	var old []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir() && name == "build":
			return fs.SkipDir
		case d.IsDir(), name == "synth.txt":
			return nil
		case len(ours) == 1 || !ours[name]:
			return fmt.Errorf("%s holds other files (%s); allowed: a folder that is empty, not there, or written by convsim rtl", dir, name)
		}
		if filepath.IsLocal(name) && !strings.Contains(name, "..") {
			old = append(old, name)
		}
		return nil
	})
	return old, err
}
