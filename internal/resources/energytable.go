package resources

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/strictyaml"
)

// energyWordBits is the width of the memory accesses in an energy table.
const energyWordBits = 64

// EnergyTable holds what operations and accesses cost in one process.
type EnergyTable struct {
	Name          string       `yaml:"name" required:"true" minlen:"1" maxlen:"255" doc:"name of the table"`
	Source        string       `yaml:"source" required:"true" minlen:"1" lines:"true" doc:"where the numbers are from"`
	IntAdd        []OpEnergy   `yaml:"int_add" required:"true" minlen:"2" doc:"integer addition by width"`
	IntMultiply   []OpEnergy   `yaml:"int_multiply" required:"true" minlen:"2" doc:"integer multiplication by width"`
	FloatAdd      []OpEnergy   `yaml:"float_add" required:"true" minlen:"2" doc:"floating-point addition by width"`
	FloatMultiply []OpEnergy   `yaml:"float_multiply" required:"true" minlen:"2" doc:"floating-point multiplication by width"`
	SRAMAccess    []SRAMEnergy `yaml:"sram_access" required:"true" minlen:"2" doc:"access to 64 bits of on-chip memory by its size"`
	DRAMAccess    DRAMEnergy   `yaml:"dram_access" required:"true" doc:"access to 64 bits of DRAM"`
}

// OpEnergy is the energy of one operation on operands of a width.
type OpEnergy struct {
	Bits int     `yaml:"bits" required:"true" min:"1" doc:"operand width"`
	PJ   float64 `yaml:"pj" required:"true" above:"0" doc:"picojoules"`
}

// SRAMEnergy is the energy of 64 bits from a memory of a size.
type SRAMEnergy struct {
	KiB float64 `yaml:"kib" required:"true" above:"0" doc:"size of the memory"`
	PJ  float64 `yaml:"pj" required:"true" above:"0" doc:"picojoules"`
}

// DRAMEnergy is the range of the energy of 64 bits from DRAM.
type DRAMEnergy struct {
	LowPJ  float64 `yaml:"low_pj" required:"true" above:"0" doc:"picojoules at best"`
	HighPJ float64 `yaml:"high_pj" required:"true" above:"0" doc:"picojoules at worst"`
}

// LoadEnergyTable returns a shipped energy table by name, or a user's own by
// the path of its YAML file, with errors as LoadBoard.
func LoadEnergyTable(name string) (EnergyTable, error) {
	var t EnergyTable
	if err := load("energy table", "energy", name, &t); err != nil {
		return EnergyTable{}, err
	}
	return t, nil
}

// EnergySchema returns the JSON Schema of energy tables.
func EnergySchema() ([]byte, error) { return strictyaml.Schema(EnergyTable{}, "convsim energy table") }

func (t *EnergyTable) kind() filekind.Kind { return filekind.Energy }

// check reports curves whose points do not ascend: a power law needs that.
func (t *EnergyTable) check(p *strictyaml.Positions) {
	for _, c := range []struct {
		key, x string
		points []point
	}{
		{"int_add", "bits", opPoints(t.IntAdd)},
		{"int_multiply", "bits", opPoints(t.IntMultiply)},
		{"float_add", "bits", opPoints(t.FloatAdd)},
		{"float_multiply", "bits", opPoints(t.FloatMultiply)},
		{"sram_access", "kib", sramPoints(t.SRAMAccess)},
	} {
		for i := 1; i < len(c.points); i++ {
			if before, x := c.points[i-1].x, c.points[i].x; x <= before {
				key := fmt.Sprintf("%s[%d].%s", c.key, i, c.x)
				p.Add(key, fmt.Sprint(x), fmt.Sprintf("above %v, points ascend", before))
			}
		}
	}
	if t.DRAMAccess.HighPJ < t.DRAMAccess.LowPJ {
		p.Add("dram_access.high_pj", fmt.Sprint(t.DRAMAccess.HighPJ), fmt.Sprintf("at least low_pj %v", t.DRAMAccess.LowPJ))
	}
}

func opPoints(ops []OpEnergy) []point {
	out := make([]point, len(ops))
	for i, o := range ops {
		out[i] = point{float64(o.Bits), o.PJ}
	}
	return out
}

func sramPoints(memories []SRAMEnergy) []point {
	out := make([]point, len(memories))
	for i, m := range memories {
		out[i] = point{m.KiB, m.PJ}
	}
	return out
}

// add returns the energy of one addition in pJ.
func (t EnergyTable) add(bits int, float bool) float64 {
	if float {
		return powerLaw(opPoints(t.FloatAdd), float64(bits))
	}
	return powerLaw(opPoints(t.IntAdd), float64(bits))
}

// multiply returns the energy of one a x b bit multiplication in pJ: that of a
// square multiplier with as many partial products.
func (t EnergyTable) multiply(a, b int, float bool) float64 {
	width := math.Sqrt(float64(a) * float64(b))
	if float {
		return powerLaw(opPoints(t.FloatMultiply), width)
	}
	return powerLaw(opPoints(t.IntMultiply), width)
}

// sram returns the energy of one access to width bits of a memory of the given
// size in bits, in pJ. A write counts as a read.
func (t EnergyTable) sram(memoryBits, width int) float64 {
	kib := float64(memoryBits) / (8 * 1024)
	return powerLaw(sramPoints(t.SRAMAccess), kib) * float64(width) / energyWordBits
}

// dram returns the energy of one byte to or from DRAM in pJ: the middle of the range.
func (t EnergyTable) dram() float64 {
	return (t.DRAMAccess.LowPJ + t.DRAMAccess.HighPJ) / 2 * 8 / energyWordBits
}
