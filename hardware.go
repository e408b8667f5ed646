package convsim

import (
	"errors"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/strictyaml"
)

// Hardware is one accelerator. The zero Hardware is one multiplier behind a serial
// window, with FIFOs of two beats.
type Hardware struct {
	Name        string      `yaml:"name,omitempty"`
	ClockMHz    float64     `yaml:"clock_mhz,omitempty"` // default 200
	Array       Array       `yaml:"array,omitempty"`
	Window      Window      `yaml:"window,omitempty"`
	Accumulator Accumulator `yaml:"accumulator,omitempty"`
	FIFO        FIFO        `yaml:"fifo,omitempty"`
	Source      Port        `yaml:"source,omitempty"` // when the input offers a beat
	Sink        Port        `yaml:"sink,omitempty"`   // when the output takes one
	Board       string      `yaml:"board,omitempty"`  // a shipped board's name
	Requantize  Requantizer `yaml:"requantize,omitempty"`
	Weights     Weights     `yaml:"weights,omitempty"`
	Fork        string      `yaml:"fork,omitempty"`   // of networks: eager (default), all or tap
	Join        string      `yaml:"join,omitempty"`   // join (default) or queue
	Width       string      `yaml:"width,omitempty"`  // dwc (default), generic or adapter
	Layers      Layers      `yaml:"layers,omitempty"` // keys of single layers
	DRAM        DRAM        `yaml:"dram,omitempty"`
	Resources   Resources   `yaml:"resources,omitempty"`
}

// Weights says where those of a layer are.
type Weights struct {
	From   string `yaml:"from,omitempty"`   // chip (default) or dram: they come by its port while they are used
	Reuse  string `yaml:"reuse,omitempty"`  // from dram: loaded once a pixel, row (default) or frame of outputs
	Memory string `yaml:"memory,omitempty"` // of chip: auto (default), lutram, bram or uram
}

// DRAM is the port to the memory outside.
type DRAM struct {
	BytesPerCycle float64 `yaml:"bytes_per_cycle,omitempty"` // default: the board's
}

// Resources says what multipliers are made of.
type Resources struct {
	DSP string `yaml:"dsp,omitempty"` // dsp48e1, dsp48e2, dsp58 or lut; default: the board's, else dsp58
}

// Requantizer is the hardware of requantisation.
type Requantizer struct {
	Style        string `yaml:"style,omitempty"` // register (default), threshold or scale
	DeepPipeline bool   `yaml:"deep_pipeline,omitempty"`
	Latency      int    `yaml:"latency,omitempty"` // cycles from taking a beat to offering its result; 0: that of the style
}

// Layers are what single layers have of their own: those whose names match, the
// later one of two that say otherwise, but a plain name last.
type Layers []LayerHardware

// LayerHardware is laid over a Hardware for layers of a name or of a pattern with *
// and ?; what is zero in it stays as it is.
type LayerHardware struct {
	Name        string      `yaml:"-"`
	Array       Array       `yaml:"array,omitempty"`
	Window      Window      `yaml:"window,omitempty"`
	Accumulator Accumulator `yaml:"accumulator,omitempty"`
	FIFO        FIFO        `yaml:"fifo,omitempty"`
	Requantize  Requantizer `yaml:"requantize,omitempty"`
	Weights     Weights     `yaml:"weights,omitempty"`
	Fork        string      `yaml:"fork,omitempty"`
	Join        string      `yaml:"join,omitempty"`
	Width       string      `yaml:"width,omitempty"`
}

// MarshalYAML writes the layers as the hardware file has them, in their order.
func (l Layers) MarshalYAML() (any, error) {
	out := &yaml.Node{Kind: yaml.MappingNode}
	for _, one := range l {
		var keys yaml.Node
		if err := keys.Encode(one); err != nil {
			return nil, err
		}
		name := &yaml.Node{}
		name.SetString(one.Name)
		out.Content = append(out.Content, name, &keys)
	}
	return out, nil
}

// Array is GroupParallel arrays side by side, each of PE output channels times SIMD
// input channels a cycle. All default to 1.
type Array struct {
	PE            int `yaml:"pe,omitempty"`
	SIMD          int `yaml:"simd,omitempty"`
	GroupParallel int `yaml:"group_parallel,omitempty"`
	Latency       int `yaml:"latency,omitempty"`     // cycles from the last operands of a sum to its result; 0: that of the DSP kind
	MacPacking    int `yaml:"mac_packing,omitempty"` // products of 8-bit numbers that a DSP48 slice makes at once: 2 (default) or 1
}

// Window is the line buffer and sliding window.
type Window struct {
	Style        string `yaml:"style,omitempty"` // serial (default): a tap a beat; parallel: all taps at once
	FrameOverlap bool   `yaml:"frame_overlap,omitempty"`
	BufferDepth  int    `yaml:"buffer_depth,omitempty"` // beats; 0: what the layer needs
}

// Accumulator is the register an output is summed up in.
type Accumulator struct {
	Bits          int    `yaml:"bits,omitempty"`     // default 32
	Overflow      string `yaml:"overflow,omitempty"` // wrap (default) or saturate
	AllowOverflow bool   `yaml:"allow_overflow,omitempty"`
}

// Wire is the depth of a FIFO that is none.
const Wire = -1

// FIFO gives the FIFOs between the stages.
type FIFO struct {
	Depth   int            // beats; Wire for none, 0 for the default of 2
	Latency int            // cycles; default 1
	Edges   map[string]int // depth of single edges, by name: "window.array"
}

// MarshalYAML writes the depths as the hardware file has them.
func (f FIFO) MarshalYAML() (any, error) {
	depth := func(d int) int {
		if d == Wire {
			return 0
		}
		return d
	}
	out := map[string]any{}
	if f.Depth != 0 {
		out["depth"] = depth(f.Depth)
	}
	if f.Latency != 0 {
		out["latency"] = f.Latency
	}
	if len(f.Edges) > 0 {
		edges := map[string]int{}
		for name, d := range f.Edges {
			edges[name] = depth(d)
		}
		out["edges"] = edges
	}
	return out, nil
}

// IsZero reports that everything is left to the defaults.
func (f FIFO) IsZero() bool { return f.Depth == 0 && f.Latency == 0 && len(f.Edges) == 0 }

// Port says in which cycles the outside world is open; the zero Port is always. One
// field, with Phase beside Every and Off beside On.
type Port struct {
	Every, Phase  int64   // open in cycles t with t mod Every == Phase
	On, Off       int64   // open for On cycles, then closed for Off
	Random        int64   // open in about half of the cycles, by this seed
	BytesPerCycle float64 // as often as this bandwidth allows
	DRAM          bool    // beats move by the port to the DRAM
}

// MarshalYAML writes the one pattern that is given.
func (p Port) MarshalYAML() (any, error) {
	out := map[string]any{}
	if p.Every != 0 || p.Phase != 0 {
		out["every"] = p.Every
	}
	if p.Phase != 0 {
		out["phase"] = p.Phase
	}
	if p.On != 0 || p.Off != 0 {
		out["burst"] = map[string]int64{"open": p.On, "closed": p.Off}
	}
	if p.Random != 0 {
		out["random"] = p.Random
	}
	if p.BytesPerCycle != 0 {
		out["bytes_per_cycle"] = p.BytesPerCycle
	}
	if p.DRAM {
		out["pattern"] = "dram"
	}
	if len(out) == 0 {
		out["pattern"] = "full"
	}
	return out, nil
}

// IsZero reports that the port is always open.
func (p Port) IsZero() bool { return p == Port{} }

// Check returns an *Invalid that lists every mistake, nil if there is none.
func (h Hardware) Check() error {
	_, err := h.config()
	return err
}

// config is the hardware as its file would give it.
func (h Hardware) config() (*configs.Hardware, error) {
	if h.Name == "" {
		h.Name = "hardware"
	}
	text, err := yaml.Marshal(h)
	if err != nil {
		return nil, invalid(err)
	}
	c, err := configs.ParseHardware("hardware literal", text)
	if err != nil {
		return nil, invalid(err)
	}
	return c, nil
}

// Invalid says what is wrong with a Hardware, a Layer or a Model: every mistake, with its
// key, the value found and what is allowed.
type Invalid struct{ Mistakes []string }

func (e *Invalid) Error() string {
	text := "convsim: "
	for i, m := range e.Mistakes {
		if i > 0 {
			text += "\n"
		}
		text += m
	}
	return text
}

// invalid lists the mistakes of an error.
func invalid(err error) error { return &Invalid{mistakes(err)} }

func mistakes(err error) []string {
	var list *strictyaml.Errors
	var found *Invalid
	var several interface{ Unwrap() []error }
	var out []string
	switch {
	case errors.As(err, &several):
		for _, one := range several.Unwrap() {
			out = append(out, mistakes(one)...)
		}
	case errors.As(err, &found):
		out = append(out, found.Mistakes...)
	case errors.As(err, &list):
		for _, one := range list.List {
			text := one.Message
			if one.Key != "" {
				text = one.Key + ": " + one.Message
			}
			out = append(out, text)
		}
	default:
		out = append(out, err.Error())
	}
	return out
}
