package regress

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/sim"
)

// expectationFile is an expectation file as written.
type expectationFile struct {
	Hardware configs.Path `yaml:"hardware" required:"true" doc:"Hardware file, relative to this file."`
	Runs     []runFile    `yaml:"runs" required:"true" minlen:"1" doc:"The workloads that run on it."`
}

// runFile is one workload and what is expected of each of its layers.
type runFile struct {
	Workload configs.Path `yaml:"workload" doc:"Layer or workload file, relative to this file."`
	Model    configs.Path `yaml:"model" doc:"In place of workload: an ONNX model, a network file or a layer of another operation; a line for all of it and one for each layer."`
	Frames   int          `yaml:"frames" default:"0" min:"0" max:"1048576" doc:"Frames in a row; 0 is the layer's batch. steady_interval needs three."`
	Seed     int64        `yaml:"seed" default:"1" min:"0" max:"9007199254740991" doc:"Seed of tensors that the layer does not name."`
	Values   bool         `yaml:"values" default:"true" doc:"Whether values are computed, verified and hashed; false is time only."`
	Stages   bool         `yaml:"stages" default:"true" doc:"Whether --update records how stages spent their cycles."`
	Layers   []layerFile  `yaml:"layers" doc:"What is expected, layer by layer; --update fills it in."`
}

// layerFile is what is expected of a layer. What is not given is not compared.
type layerFile struct {
	Name             string        `yaml:"name" required:"true" minlen:"1" maxlen:"255" doc:"The layer's name."`
	Cycles           *int64        `yaml:"cycles" min:"0" doc:"Up to and with the last output."`
	FirstOutputCycle *int64        `yaml:"first_output_cycle" min:"0" doc:"Cycle of the first output, counted from 0."`
	SteadyInterval   *float64      `yaml:"steady_interval" min:"0" doc:"Mean cycles from frame to frame, of three or more frames."`
	Stages           stages        `yaml:"stages" doc:"How every stage spent its cycles: [busy, starved, blocked, other]."`
	Resources        *resourceFile `yaml:"resources" doc:"What the design takes of an FPGA."`
	Port             *portFile     `yaml:"dram" doc:"What moves at the port to the DRAM in mode layerwise, and what waiting for it costs."`
	OutputSHA256     string        `yaml:"output_sha256" minlen:"64" doc:"Of the raw little-endian output, in hex."`
	Verified         *bool         `yaml:"verified" doc:"Whether the output equals Conv2d and the layer's expected tensor; false is written by hand, where a hardware cannot do better."`
	Overflow         *overflowFile `yaml:"overflow" doc:"How the output differs from Conv2d because sums overflow their accumulators."`
}

type overflowFile struct {
	Elements          int64 `yaml:"elements" required:"true" min:"1" doc:"Elements that are not Conv2d's."`
	LargestDifference int64 `yaml:"largest_difference" required:"true" min:"1" doc:"By how much, at most."`
	BitsNeeded        int64 `yaml:"bits_needed" required:"true" min:"2" doc:"Width that would hold every sum."`
}

// portFile is the share of the port in a layer, or in all of them.
type portFile struct {
	Load      int64 `yaml:"load" required:"true" min:"0" doc:"Cycles for nothing but loading constants."`
	Compute   int64 `yaml:"compute" required:"true" min:"0" doc:"Cycles with a port that is never busy."`
	Read      int64 `yaml:"read_bytes" required:"true" min:"0" doc:"Bytes of tensors read."`
	Written   int64 `yaml:"written_bytes" required:"true" min:"0" doc:"Bytes of tensors written."`
	Constants int64 `yaml:"constants_bytes" required:"true" min:"0" doc:"Bytes of constants read."`
}

type resourceFile struct {
	DSP    int `yaml:"dsp" required:"true" min:"0" doc:"DSP slices."`
	LUT    int `yaml:"lut" required:"true" min:"0" doc:"Look-up tables."`
	FF     int `yaml:"ff" required:"true" min:"0" doc:"Flip-flops."`
	BRAM18 int `yaml:"bram18" required:"true" min:"0" doc:"Block memories of 18 Kb."`
	URAM   int `yaml:"uram" default:"0" min:"0" doc:"Ultra memories."`
}

// Schema returns the JSON Schema of expectation files.
func Schema() ([]byte, error) { return strictyaml.Schema(expectationFile{}, "convsim expectation") }

// stages is how every stage spent its cycles, in stream order.
type stages []stage

type stage struct {
	name   string
	counts counts
}

func (s stages) of(name string) (counts, bool) {
	i := slices.IndexFunc(s, func(one stage) bool { return one.name == name })
	if i < 0 {
		return counts{}, false
	}
	return s[i].counts, true
}

// DecodeNode reads a mapping from stage to counts and keeps its order.
func (s *stages) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var table map[string]counts
	if !d.Decode(n, path, &table, "") {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i].Value
		*s = append(*s, stage{name, table[name]})
	}
}

// Allowed says what is legal.
func (s *stages) Allowed() string { return "a mapping from stage to " + (*counts)(nil).Allowed() }

// JSONSchema says the same.
func (s *stages) JSONSchema() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": (*counts)(nil).JSONSchema()}
}

// counts is how a stage spent its cycles.
type counts struct{ busy, starved, blocked, other int64 }

// DecodeNode reads a list of the four.
func (c *counts) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var list []int64
	if !d.Decode(n, path, &list, `min:"0"`) {
		return
	}
	if len(list) != 4 {
		d.FailText(n, path, fmt.Sprintf("not four counts, got a list of %d; allowed: %s", len(list), c.Allowed()))
		return
	}
	*c = counts{list[0], list[1], list[2], list[3]}
}

// Allowed says what is legal.
func (c *counts) Allowed() string { return "a list of four counts: [busy, starved, blocked, other]" }

// JSONSchema says the same.
func (c *counts) JSONSchema() map[string]any {
	return map[string]any{"type": "array", "items": map[string]any{"type": "integer", "minimum": 0}, "minItems": 4, "maxItems": 4}
}

// record turns a report into the line that expects it.
func record(name string, r *sim.Report, withStages bool) *layerFile {
	l := &layerFile{Name: name, Cycles: &r.Cycles, FirstOutputCycle: r.FirstOutputCycle,
		SteadyInterval: r.SteadyInterval, Resources: resourcesOf(r.Cost), OutputSHA256: r.OutputSHA256, Verified: r.Verified}
	if o := r.Overflow; o != nil {
		l.Overflow = &overflowFile{int64(o.Elements), o.LargestDifference, int64(o.BitsNeeded)}
	}
	if withStages {
		for _, s := range r.Stages {
			l.Stages = append(l.Stages, stage{s.Name, counts{s.Busy, s.Starved, s.Blocked, s.Other}})
		}
	}
	return l
}

func resourcesOf(a resources.Amount) *resourceFile {
	return &resourceFile{DSP: a.DSP, LUT: a.LUT, FF: a.FF, BRAM18: a.BRAM18, URAM: a.URAM}
}
