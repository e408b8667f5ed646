package report

import (
	"fmt"
	"math"
)

// design is one point of the sample sweep: a 56x56 layer with 64 channels and a 3x3 kernel on a small array.
type design struct {
	pe, simd, depth, clock int
	style                  string
	overlap                bool
	cycles, dsp, bram, lut float64
	failure                string
}

// sampleData is a sweep of 3136 designs with a plausible analytic cost, a three-way trade-off and failures.
func sampleData() Data {
	var designs []design
	powers := []int{1, 2, 4, 8, 16, 32, 64}
	for _, pe := range powers {
		for _, simd := range powers {
			for _, style := range []string{"serial", "parallel"} {
				for _, overlap := range []bool{false, true} {
					for _, depth := range []int{2, 8, 32, 128} {
						for _, clock := range []int{150, 200, 250, 300} {
							designs = append(designs, evaluated(design{pe: pe, simd: simd, style: style, overlap: overlap, depth: depth, clock: clock}))
						}
					}
				}
			}
		}
	}
	return dataOf(designs)
}

func evaluated(d design) design {
	if d.style == "parallel" && d.depth == 2 && d.pe >= 32 {
		d.failure = fmt.Sprintf("deadlock: fifo window.array is full at cycle %d; a depth of 8 would free it", 57*d.pe)
		d.cycles, d.dsp, d.bram, d.lut = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return d
	}
	taps := 9.0
	if d.style == "parallel" {
		taps = 9.0 / min(9, 1+float64(d.simd)/8)
	}
	d.cycles = math.Ceil(56*56*taps*64/float64(d.simd)*64/float64(d.pe)) + 117
	d.cycles = math.Ceil(d.cycles * (1 + 0.3/float64(d.depth)))
	d.dsp = math.Ceil(float64(d.pe*d.simd) / 2)
	d.bram = 4 + math.Ceil(float64(d.depth*d.simd)/256) + float64(d.pe)/4
	d.lut = 900 + 14*float64(d.pe*d.simd) + 3*float64(d.depth)
	if d.style == "parallel" {
		d.lut, d.bram = d.lut*1.4+300, d.bram+6
	}
	if d.overlap {
		d.cycles, d.bram = math.Ceil(d.cycles*0.94), d.bram+3
	}
	return d
}

func dataOf(designs []design) Data {
	pe, simd, depth, clock := numbers("array.pe", ""), numbers("array.simd", ""), numbers("fifo.depth", "beats"), numbers("clock_mhz", "MHz")
	group := numbers("array.group_parallel", "")
	style, overlap := Column{Name: "window.style", Kind: String}, Column{Name: "window.frame_overlap", Kind: Bool}
	cycles, fps, dsp := goal("cycles", "cycles", Minimize), goal("fps", "frames/s", Maximize), goal("dsp", "DSP", Minimize)
	bram, lut, energy := goal("bram18", "BRAM18", Minimize), numbers("lut", "LUT"), numbers("energy_uj", "µJ")
	data := Data{Title: "56×56 3×3 64-channel layer: cycles, rate and area", Subtitle: "conv3x3-64.yaml on a grid of arrays and windows", Version: "convsim 1.0.0",
		Sweep: "name: conv3x3-64\nworkload: {layer: conv3x3-64.yaml}\naxes:\n  array.pe: {powers_of_two: [1, 64]}\n  array.simd: {powers_of_two: [1, 64]}\n"}
	for i, d := range designs {
		pe.Numbers, simd.Numbers = append(pe.Numbers, float64(d.pe)), append(simd.Numbers, float64(d.simd))
		depth.Numbers, clock.Numbers = append(depth.Numbers, float64(d.depth)), append(clock.Numbers, float64(d.clock))
		group.Numbers = append(group.Numbers, 1)
		style.Strings, overlap.Bools = append(style.Strings, d.style), append(overlap.Bools, d.overlap)
		cycles.Numbers, dsp.Numbers = append(cycles.Numbers, d.cycles), append(dsp.Numbers, d.dsp)
		fps.Numbers = append(fps.Numbers, float64(d.clock)*1e6/d.cycles)
		bram.Numbers, lut.Numbers = append(bram.Numbers, d.bram), append(lut.Numbers, d.lut)
		energy.Numbers = append(energy.Numbers, 120+d.cycles*(d.lut*2e-7+float64(d.clock)*1e-5))
		data.Points = append(data.Points, Point{ID: int64(i + 1), Failure: d.failure})
		if d.failure != "" {
			data.Counts.Failed++
		}
	}
	data.Parameters = []Column{pe, simd, group, style, overlap, depth, clock}
	data.Metrics = []Column{cycles, fps, dsp, bram, lut, energy}
	data.Counts = Counts{Total: len(designs) + 864, OK: len(designs) - data.Counts.Failed, Failed: data.Counts.Failed, Pruned: 864,
		PrunedNote: "864 points were not simulated: a lower bound of their cycles showed that a known design is at least as good in every objective."}
	markFront(data.Points, designs, fps.Numbers)
	return data
}

func numbers(name, unit string) Column { return Column{Name: name, Kind: Number, Unit: unit} }

func goal(name, unit string, g Goal) Column {
	return Column{Name: name, Kind: Number, Unit: unit, Goal: g}
}

// markFront flags the designs no other dominates, and gives them their hardware file.
func markFront(points []Point, designs []design, fps []float64) {
	costs := func(i int) [4]float64 {
		return [4]float64{designs[i].cycles, designs[i].dsp, designs[i].bram, -fps[i]}
	}
	for i := range points {
		points[i].Front = designs[i].failure == ""
		for j := 0; j < len(points) && points[i].Front; j++ {
			points[i].Front = !dominates(costs(j), costs(i))
		}
		if d := designs[i]; points[i].Front {
			points[i].YAML = fmt.Sprintf("name: point-%d\nclock_mhz: %d\narray: {pe: %d, simd: %d, group_parallel: 1}\n"+
				"window: {style: %s, frame_overlap: %t}\nfifo: {depth: %d}\n", points[i].ID, d.clock, d.pe, d.simd, d.style, d.overlap, d.depth)
		}
	}
}

// dominates is false when a value is missing.
func dominates(a, b [4]float64) bool {
	better := false
	for k := range a {
		if !(a[k] <= b[k]) {
			return false
		}
		better = better || a[k] < b[k]
	}
	return better
}
