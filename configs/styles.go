package configs

import "github.com/convsim/convsim/internal/resources"

// ForkStyle says how the branches of a fork wait for each other.
type ForkStyle string

// The styles of forks.
const (
	EagerFork ForkStyle = "eager" // each branch takes its copy when it can
	AllFork   ForkStyle = "all"   // all branches take their copies in the same cycle
	TapFork   ForkStyle = "tap"   // FINN's stream_tap, of two branches
)

// JoinStyle says how streams are combined element by element.
type JoinStyle string

// The styles of joins.
const (
	PlainJoin JoinStyle = "join"  // combinational: all beats move in the same cycle
	QueueJoin JoinStyle = "queue" // FINN's elementwise operation: registers, a pipeline, a queue
)

// WidthStyle says how width converters are built.
type WidthStyle string

// The styles of converters.
const (
	DWC          WidthStyle = "dwc"     // FINN's; two in a row where no width divides the other
	GenericWidth WidthStyle = "generic" // FINN's prototype for any two widths
	AdapterWidth WidthStyle = "adapter" // FINN's of its DMA paths, which knows where frames end
)

// StageStyle says how requantisation is built.
type StageStyle string

// The styles of requantisation.
const (
	RegisterStage  StageStyle = "register"  // one register
	ThresholdStage StageStyle = "threshold" // FINN's thresholding: a search of the steps, and a queue
	ScaleStage     StageStyle = "scale"     // FINN's requantisation by scale and bias, and a queue
)

// RequantizeStage is the hardware of requantisation; it changes no value.
type RequantizeStage struct {
	Style   StageStyle `yaml:"style" enum:"register,threshold,scale" default:"register" doc:"register: one register; threshold: FINN's search of thresholds; scale: FINN's product with scale and bias."`
	Latency int        `yaml:"latency" default:"0" min:"0" max:"64" doc:"Cycles from taking a beat to offering its result: 1 is a register, more a pipeline with a queue; 0 is that of the style."`
	Deep    bool       `yaml:"deep_pipeline" default:"false" doc:"Two cycles a step of the search of thresholds instead of one."`
}

// WeightsFrom says where the weights of a layer are.
type WeightsFrom string

// The places of weights.
const (
	OnChip   WeightsFrom = "chip" // a memory of all
	FromDRAM WeightsFrom = "dram" // they come by the port while they are used
)

// Reuse says for how many output pixels weights are loaded.
type Reuse string

// The ways to use what is loaded.
const (
	PixelReuse Reuse = "pixel"
	RowReuse   Reuse = "row"
	FrameReuse Reuse = "frame"
)

// Weights are those of a layer.
type Weights struct {
	From  WeightsFrom `yaml:"from" enum:"chip,dram" default:"chip" doc:"chip: a memory of all; dram: they come by the port dram while they are used."`
	Reuse Reuse       `yaml:"reuse" enum:"pixel,row,frame" default:"row" doc:"From dram: the output pixels for which they are loaded once."`
	// Memory is what the one of all is made of.
	Memory resources.RAMStyle `yaml:"memory" enum:"auto,lutram,bram,uram" default:"auto" doc:"Of chip: what the memory is made of; auto: LUTs if small, else block RAM, never UltraRAM."`
}

// Style is what the memory of all weights is made of.
func (w Weights) Style() resources.RAMStyle {
	if w.Memory == "auto" {
		return resources.Auto
	}
	return w.Memory
}
