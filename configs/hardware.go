package configs

import (
	"cmp"
	"fmt"
	"reflect"
	"strconv"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/strictyaml"
)

// Hardware is one accelerator: an array with its window, buffers and surroundings.
type Hardware struct {
	Name     string  `yaml:"name" required:"true" minlen:"1" maxlen:"255" doc:"What reports call this hardware."`
	ClockMHz float64 `yaml:"clock_mhz" default:"200" min:"0.001" max:"1000000" doc:"Clock in MHz; turns cycles into time."`
	LayerHardware
	Source    Handshake `yaml:"source" default:"{pattern: full}" doc:"When the input offers a beat."`
	Sink      Handshake `yaml:"sink" default:"{pattern: full}" doc:"When the output takes a beat."`
	Layers    Overrides `yaml:"layers" doc:"Of networks: keys of single layers, by name or by a pattern such as \"stage2.*\"."`
	Mode      Mode      `yaml:"mode" enum:"streaming,layerwise" default:"streaming" doc:"Of networks: streaming has hardware of its own for every layer, all at work; layerwise has one for all, layer after layer, with tensors in DRAM."`
	DRAM      DRAM      `yaml:"dram" doc:"The one port to the memory outside: of weights from dram, of ends with the pattern dram, and of all in mode layerwise."`
	Board     BoardRef  `yaml:"board" doc:"FPGA board the design is meant for: a shipped one by name, a file of your own, or its keys. Its kind of DSP slice decides."`
	Resources Resources `yaml:"resources" doc:"How the design is mapped to the device."`

	positions *strictyaml.Positions
	device    *resources.Board
}

// Array is GroupParallel arrays side by side, each with PE output channels and SIMD input channels a cycle.
type Array struct {
	PE            int `yaml:"pe" default:"1" min:"1" max:"65536" doc:"Output channels per cycle of one array."`
	SIMD          int `yaml:"simd" default:"1" min:"1" max:"65536" doc:"Input channels per cycle of one array."`
	GroupParallel int `yaml:"group_parallel" default:"1" min:"1" max:"65536" doc:"Arrays side by side, each on one group at a time."`
	Latency       int `yaml:"latency" default:"0" min:"0" max:"64" doc:"Cycles from the last operands of a sum to its result; 0 is that of the DSP kind."`
	MacPacking    int `yaml:"mac_packing" default:"2" min:"1" max:"2" doc:"Products of 8-bit numbers that a DSP48 slice makes at once, for two output channels; 1: each has a slice of its own."`
}

// Macs returns the multipliers of the array: products per cycle.
func (a Array) Macs() int64 { return int64(a.PE) * int64(a.SIMD) * int64(a.GroupParallel) }

// Mode says how a network uses the hardware.
type Mode string

// The modes.
const (
	Streaming Mode = "streaming" // a pipeline of all layers
	Layerwise Mode = "layerwise" // one layer after the other
)

// DRAM is the port to the memory outside.
type DRAM struct {
	BytesPerCycle float64 `yaml:"bytes_per_cycle" min:"0.000001" max:"1000000" doc:"Bandwidth in bytes per cycle, of all reads and writes together; default: the board's, at the clock."`
	Overlap       bool    `yaml:"overlap" default:"true" doc:"Load the weights of the next layer while a layer computes."`
}

// WindowStyle says how many taps of the kernel leave the window at once.
type WindowStyle string

// The window styles.
const (
	Serial   WindowStyle = "serial"   // one tap per beat, from one memory
	Parallel WindowStyle = "parallel" // all taps per beat, from shift registers and line buffers
)

// Window is the sliding window. A BufferDepth of 0 asks for the computed depth.
type Window struct {
	Style        WindowStyle `yaml:"style" enum:"serial,parallel" default:"serial" doc:"serial: one tap per beat; parallel: all taps at once."`
	FrameOverlap bool        `yaml:"frame_overlap" default:"false" doc:"Accept the next frame while the tail of this one leaves."`
	BufferDepth  int         `yaml:"buffer_depth" default:"0" min:"0" max:"1073741824" doc:"Line buffer in beats; 0 computes what the layer needs."`
}

// Overflow says what an accumulator does at the end of its range.
type Overflow string

// The ways to overflow.
const (
	Wrap     Overflow = "wrap"
	Saturate Overflow = "saturate"
)

// Accumulator is a two's complement register of Bits bits.
type Accumulator struct {
	Bits     int      `yaml:"bits" default:"32" min:"2" max:"32" doc:"Width in bits, sign included."`
	Overflow Overflow `yaml:"overflow" enum:"wrap,saturate" default:"wrap" doc:"What happens beyond the range."`
	// AllowOverflow accepts outputs that are not Conv2d's because sums did not fit.
	AllowOverflow bool `yaml:"allow_overflow" default:"false" doc:"Accept outputs that differ from Conv2d's because sums overflow."`
}

// FIFO gives the FIFOs of all edges: depth in beats (0 is a wire) and latency in cycles.
type FIFO struct {
	Depth   int            `yaml:"depth" default:"2" min:"0" max:"1048576" doc:"Beats a FIFO holds; 0 is a wire."`
	Latency int            `yaml:"latency" default:"1" min:"1" max:"64" doc:"Cycles from entering an empty FIFO to being offered."`
	Edges   map[string]int `yaml:"edges" min:"0" max:"1048576" doc:"Depth of single FIFOs: of every layer by names such as pad.window, of a network's by those its report prints."`
}

// DepthOf returns the depth of one edge in beats. One that a layer does not have is
// legal, because a hardware serves many layers.
func (f FIFO) DepthOf(edge string) int {
	if depth, ok := f.Edges[edge]; ok {
		return depth
	}
	return f.Depth
}

// Resources says how the design is mapped to the device.
type Resources struct {
	DSP string `yaml:"dsp" enum:"dsp48e1,dsp48e2,dsp58,lut" doc:"What a multiplier is made of; default the board's kind of slice, without a board dsp58. A board has its own kind: beside it only lut matters."`
}

// LoadHardware reads a hardware file, or a shipped one by its name.
func LoadHardware(path string) (*Hardware, error) {
	path, err := Find("hardware", path, HardwareFiles)
	if err != nil {
		return nil, err
	}
	data, err := ReadFile(path)
	if err != nil {
		return nil, Unread("hardware", path, err, &Hardware{})
	}
	return ParseHardware(path, data)
}

// ParseHardware reads the text of a hardware file. name is used in messages, and files that the text mentions are
// relative to its folder.
func ParseHardware(name string, data []byte) (*Hardware, error) {
	h := &Hardware{}
	h.positions, _ = strictyaml.Decode(name, data, h)
	h.device = h.Board.Board
	if err := cmp.Or(h.positions.Err(), h.Board.Err); err != nil {
		return nil, filekind.Explain(err, name, data, filekind.Hardware)
	}
	return h, nil
}

// Device returns the board the hardware is on, nil when there is none.
func (h *Hardware) Device() *resources.Board { return h.device }

// Bandwidth is that of the DRAM port in bytes per cycle: as written, else the board's
// at the clock, to six digits.
func (h *Hardware) Bandwidth() (float64, error) {
	if h.DRAM.BytesPerCycle > 0 {
		return h.DRAM.BytesPerCycle, nil
	}
	if h.device == nil || h.device.DRAMGBytesPS == 0 {
		return 0, h.Wrong("dram.bytes_per_cycle", "none", "a number above 0, or a board whose DRAM is known")
	}
	perCycle := h.device.DRAMGBytesPS * 1e3 / h.ClockMHz
	return strconv.ParseFloat(strconv.FormatFloat(perCycle, 'g', 6, 64), 64)
}

// Mount puts the hardware on a board, whatever board its file names.
func (h *Hardware) Mount(b *resources.Board) { h.device = b }

// DSPKind returns what multiplies: LUTs where they are asked for, else the
// slices that the board has, else those that the file names.
func (h *Hardware) DSPKind() resources.DSPKind {
	written := resources.DSPKind(h.Resources.DSP)
	switch {
	case written == resources.LUTMult:
		return written
	case h.device != nil:
		return h.device.DSPKind
	case written == "":
		return resources.DefaultDSP
	}
	return written
}

// SetAside says that the slices the file names are not those of the board, which
// decides; empty if it is not so.
func (h *Hardware) SetAside() string {
	written := resources.DSPKind(h.Resources.DSP)
	if written == "" || written == h.DSPKind() {
		return ""
	}
	return fmt.Sprintf("resources.dsp: %s is set aside: %s has %s", written, h.device.Name, h.device.DSPKind)
}

// ArrayLatency returns the pipeline depth of arrays whose PEs sum simd products
// a cycle: the one stated, or that of the kind.
func (h *Hardware) ArrayLatency(simd int) int {
	if h.Array.Latency > 0 {
		return h.Array.Latency
	}
	return h.DSPKind().ArrayLatency(simd)
}

// Packing returns how many products of such operands a multiplier makes at once.
func (h *Hardware) Packing(weightBits, inputBits int) int {
	if h.Array.MacPacking == 1 || !h.DSPKind().Packs(weightBits, inputBits) {
		return 1
	}
	return 2
}

// Wrong returns an error about a key of this hardware, such as "window.buffer_depth", at its place in the file.
func (h *Hardware) Wrong(key, value, allowed string) error {
	return wrong(h.positions, "", []Problem{{Key: key, Value: value, Allowed: allowed}})
}

// Locate places an error that consists of conv.Problems about keys of this hardware in its file, and returns any
// other error, or nil, as it is.
func (h *Hardware) Locate(err error) error { return locate(h.positions, "", err) }

// HardwareSchema returns the JSON Schema of hardware files.
func HardwareSchema() ([]byte, error) {
	return strictyaml.Schema(Hardware{}, "convsim hardware")
}

// ArrayQueue returns the places that the output queue of such arrays has in FINN's RTL.
func (h *Hardware) ArrayQueue(simd int) int {
	if h.Array.Latency > 0 {
		return h.Array.Latency + 1
	}
	return h.DSPKind().ArrayQueue(simd)
}

// ClockRange is the least and the most a clock has in MHz, as its key says.
func ClockRange() (least, most float64) {
	key, _ := reflect.TypeFor[Hardware]().FieldByName("ClockMHz")
	for _, limit := range []struct {
		tag string
		to  *float64
	}{{"min", &least}, {"max", &most}} {
		v, err := strconv.ParseFloat(key.Tag.Get(limit.tag), 64)
		if err != nil {
			panic("configs: clock_mhz without limits: " + err.Error())
		}
		*limit.to = v
	}
	return least, most
}
