package synth

import (
	"strings"

	"github.com/convsim/convsim/internal/resources"
)

// cells are the primitives of Xilinx devices that cost something, by name. A RAM of
// LUTs counts as the LUTs that it is made of; an inverter is a LUT unless placing
// finds a place for it (UG953, UG974).
var cells = map[string]resources.Amount{
	"INV": lut(1), "LUT1": lut(1), "LUT2": lut(1), "LUT3": lut(1), "LUT4": lut(1), "LUT5": lut(1), "LUT6": lut(1), "LUT6_2": lut(1),
	"SRL16": lut(1), "SRL16E": lut(1), "SRLC16E": lut(1), "SRLC32E": lut(1),
	"RAM16X1S": lut(1), "RAM32X1S": lut(1), "RAM64X1S": lut(1), "RAM128X1S": lut(2), "RAM256X1S": lut(4), "RAM512X1S": lut(8),
	"RAM16X1D": lut(2), "RAM32X1D": lut(2), "RAM64X1D": lut(2), "RAM128X1D": lut(4), "RAM256X1D": lut(8),
	"RAM32X2S": lut(2), "RAM32M": lut(4), "RAM64M": lut(4), "RAM32M16": lut(8), "RAM64M8": lut(8), "RAM32X16DR8": lut(8), "RAM64X8SW": lut(8),
	"FDRE": {FF: 1}, "FDSE": {FF: 1}, "FDCE": {FF: 1}, "FDPE": {FF: 1}, "LDCE": {FF: 1}, "LDPE": {FF: 1},
	"DSP48E1": {DSP: 1}, "DSP48E2": {DSP: 1},
	"RAMB18E1": {BRAM18: 1}, "RAMB18E2": {BRAM18: 1}, "RAMB36E1": {BRAM18: 2}, "RAMB36E2": {BRAM18: 2},
	"URAM288": {URAM: 1},
}

func lut(n int) resources.Amount { return resources.Amount{LUT: n} }

// free are those that come with what is counted, or stand at the pins.
var free = []string{"CARRY4", "CARRY8", "MUXF", "GND", "VCC", "BUFG", "IBUF", "OBUF", "$scopeinfo"}

// cost is what a primitive takes; known says whether it is one.
func cost(cell string) (a resources.Amount, known bool) {
	if a, known = cells[cell]; known {
		return a, true
	}
	for _, f := range free {
		if strings.HasPrefix(cell, f) {
			return a, true
		}
	}
	return a, false
}
