package regress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// topologies is the manifest of lists of layers of whole networks, and of models that the
// lists are of.
type topologies struct {
	Suite string
	Cases []topologyFile
	ONNX  []topologyFile

	folder string
}

type topologyFile struct {
	File       string
	LayersJSON string `json:"layers_json"` // of a model: its list
	SHA256     string
	Layers     int
	TotalMACs  int64 `json:"total_macs"`
}

// topology is a list of layers.
type topology struct {
	TotalMACs int64 `json:"total_macs"`
	Layers    []topologyLayer
}

type topologyLayer struct {
	Name, Op                     string
	Cin, Cout, KH, KW, Groups, N int
	Stride, Pad, Dilation        both
	Bias                         bool
	HIn, WIn, HOut, WOut         int
	MACs                         int64
}

// both is a number for both axes, or [height, width].
type both [2]int

// UnmarshalJSON reads either.
func (b *both) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &b[0]) == nil {
		b[1] = b[0]
		return nil
	}
	return json.Unmarshal(data, (*[2]int)(b))
}

// topologyManifest reads a manifest that lists files of topologies; nil if it is none.
func topologyManifest(path string) *topologies {
	if filepath.Base(path) != manifest {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	t := &topologies{folder: filepath.Dir(path)}
	if json.Unmarshal(strictyaml.WithoutMark(text), t) != nil || len(t.Cases) == 0 {
		return nil
	}
	for _, c := range t.Cases {
		if c.File == "" || c.Layers == 0 {
			return nil
		}
	}
	return t
}

// addTopologies adds a case for every list on every hardware, and one for every model.
func (f *finder) addTopologies(path string, t *topologies) {
	if len(f.plan.options.Hardware) == 0 {
		f.wrongf("%s: a golden suite needs hardware to run on; allowed: --hw HW.yaml, once or more", path)
		return
	}
	add := func(id string, run func(ctx context.Context) error) {
		f.plan.cases = append(f.plan.cases, &job{source: path, id: t.Suite + "/" + id, kind: Golden,
			run: func(ctx context.Context) outcome { return judged(run(ctx)) }})
	}
	for _, c := range t.Cases {
		for _, b := range f.plan.hardware {
			id := c.File
			if len(f.plan.hardware) > 1 {
				id += " on " + b.label
			}
			add(id, func(ctx context.Context) error { return t.list(ctx, c, b.hw) })
		}
	}
	for _, m := range t.ONNX {
		add(m.File, func(context.Context) error { return t.model(m) })
	}
}

// read reads a file of the suite, whose hash has to be that of the manifest.
func (t *topologies) read(f topologyFile) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(t.folder, filepath.FromSlash(f.File)))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); f.SHA256 != "" && hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, fmt.Errorf("%s: its sha256 is %x, not %s", f.File, sum, f.SHA256)
	}
	return data, nil
}

func parseTopology(data []byte) (*topology, error) {
	l := &topology{}
	return l, json.Unmarshal(data, l)
}

// list streams every convolution of a list through the hardware, its time alone, and
// compares shapes and multiply-accumulates.
func (t *topologies) list(ctx context.Context, f topologyFile, hw *configs.Hardware) error {
	data, err := t.read(f)
	if err != nil {
		return err
	}
	l, err := parseTopology(data)
	if err != nil {
		return fmt.Errorf("%s: %w", f.File, err)
	}
	m := &mismatch{}
	m.differs("layers", f.Layers, len(l.Layers))
	total := int64(0)
	for _, layer := range l.Layers {
		macs, err := layer.streamed(ctx, hw, m)
		if err != nil {
			return fmt.Errorf("layer %s: %w", layer.Name, err)
		}
		total += macs
	}
	m.differs("macs", f.TotalMACs, total)
	m.differs("macs of the list", f.TotalMACs, l.TotalMACs)
	return m.orNil()
}

// differs notes a figure that is not what it should be.
func (m *mismatch) differs(key string, want, got any) {
	if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
		m.diffs = append(m.diffs, Diff{key, w, g})
	}
}

func (m *mismatch) orNil() error {
	if len(m.diffs) == 0 {
		return nil
	}
	return m
}

// streamed plans and times a layer, notes what differs, and returns its
// multiply-accumulates.
func (l topologyLayer) streamed(ctx context.Context, hw *configs.Hardware, m *mismatch) (int64, error) {
	switch l.Op {
	case "Linear":
		macs := int64(l.Cin) * int64(l.Cout)
		m.differs(l.Name+" macs", l.MACs, macs)
		return macs, nil
	case "Conv2d":
	default:
		m.differs(l.Name+" macs", l.MACs, 0)
		return 0, nil
	}
	pair := func(p both) conv.Pair { return conv.Pair{H: p[0], W: p[1]} }
	layer := &configs.Layer{Name: l.Name, Batch: max(1, l.N), Height: l.HIn, Width: l.WIn,
		DType: configs.DTypes{Input: tensor.Int8, Weight: tensor.Int8, Accumulator: tensor.Int32, Output: tensor.Int32},
		Conv: conv.Conv2d{InChannels: l.Cin, OutChannels: l.Cout, Kernel: conv.Pair{H: l.KH, W: l.KW}, Stride: pair(l.Stride),
			Padding:  conv.Padding{Sides: conv.Sides{Top: l.Pad[0], Bottom: l.Pad[0], Left: l.Pad[1], Right: l.Pad[1]}},
			Dilation: pair(l.Dilation), Groups: l.Groups, Bias: l.Bias}}
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		return 0, err
	}
	out, err := d.Run(ctx, nil, layer.Batch, sim.Options{NoValues: true})
	if err != nil {
		return 0, err
	}
	s := d.Fold.Shape
	m.differs(l.Name+" output", [2]int{l.HOut, l.WOut}, [2]int{s.OutHeight, s.OutWidth})
	m.differs(l.Name+" macs", l.MACs, out.Report.MACs)
	return out.Report.MACs, nil
}

// model reads a model and compares its layers with multiply-accumulates with the list it
// goes with.
func (t *topologies) model(f topologyFile) error {
	list, err := t.read(topologyFile{File: f.LayersJSON})
	if err != nil {
		return err
	}
	want, err := parseTopology(list)
	if err != nil {
		return fmt.Errorf("%s: %w", f.LayersJSON, err)
	}
	data, err := t.read(f)
	if err != nil {
		return err
	}
	p, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	defer p.Close()
	c := p.Convert(nil)
	if len(c.Problems) > 0 {
		return fmt.Errorf("%s: %w", f.File, c.Problems[0])
	}
	m := &mismatch{}
	var got []int64
	total := int64(0)
	for _, s := range c.Steps {
		if s.MACs > 0 {
			got, total = append(got, s.MACs), total+s.MACs
		}
	}
	var each []int64
	for _, l := range want.Layers {
		if l.MACs > 0 {
			each = append(each, l.MACs)
		}
	}
	m.differs("macs", want.TotalMACs, total)
	if !slices.Equal(got, each) {
		m.differs("macs of the layers", strings.Trim(fmt.Sprint(each), "[]"), strings.Trim(fmt.Sprint(got), "[]"))
	}
	return m.orNil()
}
