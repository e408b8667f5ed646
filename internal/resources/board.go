package resources

import (
	"path/filepath"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
)

// Board is a device and its memory, as a budget.
type Board struct {
	Name         string       `yaml:"name" required:"true" minlen:"1" maxlen:"255" doc:"name of the board"`
	Part         string       `yaml:"part" required:"true" minlen:"1" doc:"device on it"`
	DSPKind      DSPKind      `yaml:"dsp_kind" required:"true" enum:"dsp48e1,dsp48e2,dsp58" doc:"kind of its DSP slices"`
	Available    Available    `yaml:"resources" required:"true" doc:"what the device has"`
	ClockMHz     float64      `yaml:"clock_mhz" required:"true" above:"0" doc:"typical clock of streaming designs, a guide"`
	DRAMGBytesPS float64      `yaml:"dram_gbytes_per_s" required:"true" min:"0" doc:"peak bandwidth of its DRAM in 10^9 bytes per second"`
	Sources      BoardSources `yaml:"sources" doc:"where the numbers are from"`
}

// Available is what a device has. A RAMB36 counts as two BRAM18.
type Available struct {
	LUT    int `yaml:"lut" required:"true" min:"1" doc:"6-input look-up tables"`
	FF     int `yaml:"ff" required:"true" min:"1" doc:"flip-flops"`
	DSP    int `yaml:"dsp" required:"true" min:"0" doc:"DSP slices"`
	BRAM18 int `yaml:"bram18" required:"true" min:"0" doc:"block RAMs of 18 Kbit; a RAMB36 is two"`
	URAM   int `yaml:"uram" required:"true" min:"0" doc:"UltraRAMs of 288 Kbit"`
}

// BoardSources say where the numbers of a board are from.
type BoardSources struct {
	Resources string `yaml:"resources" lines:"true" doc:"data sheet of the device"`
	DRAM      string `yaml:"dram" lines:"true" doc:"user guide of the board"`
	Clock     string `yaml:"clock" lines:"true" doc:"who runs at this clock"`
}

// Amount returns what the device has.
func (a Available) Amount() Amount {
	return Amount{DSP: a.DSP, LUT: a.LUT, FF: a.FF, BRAM18: a.BRAM18, URAM: a.URAM}
}

// Boards returns the names of the boards shipped, sorted.
func Boards() []string { return names("boards") }

// LoadBoard returns a shipped board by name, or a user's own by the path of its
// YAML file (a name with a slash or ending in .yaml or .yml). An unknown name
// is answered with the names there are; mistakes in a file are reported all at
// once as *strictyaml.Errors.
func LoadBoard(name string) (Board, error) {
	var b Board
	if err := load("board", "boards", name, &b); err != nil {
		return Board{}, err
	}
	return b, nil
}

// Beside takes a path, unlike the name of a shipped file, from the folder of the
// file in which it is written.
func Beside(file, name string) string {
	if !IsPath(name) || filepath.IsAbs(name) {
		return name
	}
	joined := paths.Beside(file, name)
	if !IsPath(joined) {
		joined = "./" + joined
	}
	return joined
}

// BoardSchema returns the JSON Schema of board files.
func BoardSchema() ([]byte, error) { return strictyaml.Schema(Board{}, "convsim board") }

// check has nothing to add to the struct tags.
func (b *Board) check(*strictyaml.Positions) {}

func (b *Board) kind() filekind.Kind { return filekind.Board }
