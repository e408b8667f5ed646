package results

import (
	"fmt"
	"path/filepath"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/wholefile"
)

// Files are the files that a sweep leaves in its folder.
var Files = []string{ResultsFile, TableFile, FrontFile, SweepFile, PageFile}

// CheckFile refuses to write the hardware file of the point in the place of a
// file that the sweep or its results need: one of the folder, the base
// hardware, or a file of another kind, as the sweep file is.
func (c *Chosen) CheckFile(path string) error {
	if _, err := configs.ParseHardware(path, c.Hardware); err != nil {
		return err
	}
	files := make([]string, len(Files))
	for i, name := range Files {
		files[i] = filepath.Join(c.folder, name)
	}
	if file, same := wholefile.Among(path, files); same {
		return fmt.Errorf("cannot write %s: this is a file of the results (%s); allowed: another file", path, file)
	}
	if err := configs.CheckReplaced(path); err != nil {
		return err
	}
	if wholefile.Replaces(path) && c.isBase(path) {
		return fmt.Errorf("cannot write %s: it is the base hardware of the sweep; allowed: another file", path)
	}
	return nil
}

// isBase reports whether a file holds the base hardware of the sweep.
func (c *Chosen) isBase(path string) bool {
	data, err := configs.ReadFile(path)
	if err != nil {
		return false
	}
	hw, err := configs.ParseHardware(path, data)
	if err != nil {
		return false
	}
	var document yaml.Node
	if yaml.Unmarshal(data, &document) != nil {
		return false
	}
	template.Remove(document.Content[0], "board") // it is kept apart
	text, err := template.BaseText(hw, document.Content[0])
	return err == nil && text == c.base
}
