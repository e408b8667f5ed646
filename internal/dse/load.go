package dse

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/dse/search"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/sim"
	"gopkg.in/yaml.v3"
)

// Sweep is a sweep ready to run.
type Sweep struct {
	results.Sweep
	files  []string // that were read, the sweep file first
	layers []*configs.Layer
	graph  *network.Graph // of a sweep over a model, nil over layers
	arrays []conv.Shape   // of it, what its arrays compute
	names  []string       // of its layers
}

// Space is the space of the sweep.
func (s *Sweep) Space() *space.Space { return s.Axes }

// strategy starts the search afresh. Load has checked the plan.
func (s *Sweep) strategy() search.Strategy {
	started, err := s.Plan().Start(s.Axes)
	if err != nil {
		panic("dse: " + err.Error())
	}
	return started
}

// Load reads a sweep file and the files it names, which are relative to it. All mistakes in the sweep file are reported
// at once, with their places.
func Load(path string) (*Sweep, error) {
	path, err := configs.Find("sweep", path, configs.SweepFiles)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; allowed: a sweep file", path)
	}
	text, err := configs.ReadFile(path)
	if err != nil {
		return nil, configs.Unread("sweep", path, err, &sweepfile.File{})
	}
	l := &loader{path: path, sweep: &Sweep{Sweep: results.Sweep{Text: text}, files: []string{path}}}
	l.positions, _ = strictyaml.Decode(path, text, &l.file)
	l.checkObjectives()
	if err := cmp.Or(l.positions.Err(), l.file.Board.Err); err != nil {
		return nil, filekind.Explain(err, path, text, filekind.Sweep)
	}
	for _, step := range []func() error{l.workloads, l.hardware, l.model, l.catalogues, l.axes, l.expressions} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l.sweep, nil
}

// loader turns a sweep file into a Sweep.
type loader struct {
	path      string
	file      sweepfile.File
	positions *strictyaml.Positions
	sweep     *Sweep
	base      *configs.Hardware
}

func (l *loader) checkObjectives() {
	for i, o := range l.file.Objectives {
		if o.Minimize.Given() == o.Maximize.Given() {
			l.positions.AddMessage(fmt.Sprintf("objectives[%d]", i), "no single goal; allowed: one of minimize and maximize, with an expression")
		}
	}
}

// workloads reads all layers; a layer must be legal whatever the hardware.
func (l *loader) workloads() error {
	d := &l.sweep.Definition
	if (len(l.file.Workload) > 0) == (l.file.Model != configs.Path{}) {
		l.positions.AddMessage("workload", "workload and model; allowed: one of the two")
	}
	for i, file := range l.file.Workload {
		text, err := configs.ReadFile(file.Resolved)
		if err != nil {
			key := "workload"
			if i > 0 || len(l.file.Workload) > 1 {
				key = fmt.Sprintf("workload[%d]", i)
			}
			l.positions.Add(key, file.Written, "a readable file ("+err.Error()+")")
			continue
		}
		w, err := configs.ParseWorkload(file.Resolved, text)
		if err != nil {
			return err
		}
		for _, layer := range w.Layers {
			if _, err := layer.Shape(); err != nil {
				return err
			}
			l.sweep.layers = append(l.sweep.layers, layer)
			l.sweep.files = append(l.sweep.files, layer.Files()...)
			d.Layers = append(d.Layers, identify(layer))
		}
	}
	return l.positions.Err()
}

// identify hashes what a layer says, its name and data apart: they decide no metric.
func identify(layer *configs.Layer) definition.LayerID {
	content := *layer
	content.Name, content.Tensors = "", configs.Tensors{}
	return definition.LayerID{Name: layer.Name, Hash: definition.Hash(content), Float: layer.DType.Input.IsFloat()}
}

func (l *loader) hardware() error {
	node, err := l.hardwareNode()
	if err != nil {
		return err
	}
	l.sweep.Definition.Hardware, err = template.BaseText(l.base, node)
	return err
}

// hardwareNode reads the base.
func (l *loader) hardwareNode() (*yaml.Node, error) {
	name, text := l.path, []byte(nil)
	var err error
	if node := l.file.Hardware.Node; node != nil {
		text, err = yaml.Marshal(node)
	} else {
		name = l.file.Hardware.File.Resolved
		if text, err = configs.ReadFile(name); err != nil {
			l.positions.Add("hardware", l.file.Hardware.File.Written, "a readable file ("+err.Error()+")")
			return nil, l.positions.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	if l.base, err = configs.ParseHardware(name, text); err != nil {
		return nil, err
	}
	l.sweep.files = append(l.sweep.files, l.base.Files()...)
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	template.Remove(document.Content[0], "board") // of the definition, not of each point
	return document.Content[0], nil
}

// catalogues loads board and energy table.
func (l *loader) catalogues() error {
	d := &l.sweep.Definition
	d.Name, d.Model, d.Frames = l.file.Name, sim.ModelVersion, int64(l.file.Frames)
	d.Board = l.base.Device()
	if l.file.Board.Board != nil {
		d.Board = l.file.Board.Board
	}
	place := resources.Beside(l.path, l.file.Energy)
	table, err := resources.LoadEnergyTable(place)
	var inFile *strictyaml.Errors
	switch {
	case errors.As(err, &inFile):
		return err
	case err != nil:
		l.positions.AddMessage("energy", err.Error())
	}
	d.Energy = table
	for _, file := range []string{l.file.Board.File, place} {
		if resources.IsPath(file) {
			l.sweep.files = append(l.sweep.files, file)
		}
	}
	return l.positions.Err()
}

// sizeOf is a size of the workload by name: that of the layer where it is largest.
func (s *Sweep) sizeOf(name string) int64 {
	largest := 0
	for _, shape := range s.arrays {
		largest = max(largest, sizeOf(shape, name))
	}
	for _, layer := range s.layers {
		shape, err := layer.Shape()
		if err != nil {
			panic("dse: " + err.Error())
		}
		largest = max(largest, sizeOf(shape, name))
	}
	return int64(largest)
}

func sizeOf(shape conv.Shape, name string) int {
	switch name {
	case "in_channels":
		return shape.InChannels
	case "out_channels":
		return shape.OutChannels
	case "group_in_channels":
		return shape.GroupInChannels()
	case "group_out_channels":
		return shape.GroupOutChannels()
	case "groups":
		return shape.Groups
	}
	panic("dse: no size " + name)
}
