package resources

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/strictyaml"
)

func horowitz(t testing.TB) EnergyTable {
	t.Helper()
	table, err := LoadEnergyTable("horowitz-45nm")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9*math.Abs(want) }

func TestEnergyOfOneOperation(t *testing.T) {
	h := horowitz(t)
	const kib = 8 * 1024
	for _, tc := range []struct {
		name      string
		got, want float64
	}{
		{"8-bit add", h.add(8, false), 0.03},
		{"32-bit add", h.add(32, false), 0.1},
		{"16-bit add, halfway on log paper", h.add(16, false), math.Sqrt(0.03 * 0.1)},
		{"8-bit multiply", h.multiply(8, 8, false), 0.2},
		{"32-bit multiply", h.multiply(32, 32, false), 3.1},
		{"4 x 16 bits has the partial products of 8 x 8", h.multiply(4, 16, false), 0.2},
		{"4 bits: a quarter on the same line", h.multiply(4, 4, false), 0.2 * math.Sqrt(0.2/3.1)},
		{"fp32 add", h.add(32, true), 0.9},
		{"fp32 multiply", h.multiply(32, 32, true), 3.7},
		{"fp16 multiply", h.multiply(16, 16, true), 1.1},
		{"64 bits of 8 KiB", h.sram(8*kib, 64), 10},
		{"8 bits of 32 KiB", h.sram(32*kib, 8), 20.0 / 8},
		{"64 bits of 1 MiB", h.sram(1024*kib, 64), 100},
		{"64 bits of 2 KiB: root of the size", h.sram(2*kib, 64), 5},
		{"between the second and third point", h.sram(128*kib, 64), 20 * math.Pow(5, math.Log(4)/math.Log(32))},
		{"between the first and second point", h.sram(16*kib, 64), 10 * math.Sqrt2},
		{"no memory", h.sram(0, 64), 0},
		{"a byte of DRAM", h.dram(), 1950.0 / 8},
	} {
		if !near(tc.got, tc.want) {
			t.Errorf("%s: %v pJ, want %v", tc.name, tc.got, tc.want)
		}
	}
}

func TestInference(t *testing.T) {
	const kib = 8 * 1024
	got := horowitz(t).Inference(&Bill{
		Operations: []Operation{{Part: "multiply", Count: 1000, A: 8, B: 8}, {Part: "accumulate", Count: 1000, A: 32},
			{Part: "requantize", Count: 10, A: 32, B: 32}},
		Memories: []MemoryUse{
			{Name: "registers", Words: 9, WidthBits: 128}, // never accessed
			{Name: "window", Words: 512, WidthBits: 128, Reach: 8 * kib, Reads: 30, Writes: 10},
			{Name: "weights", Words: 4096, WidthBits: 64, Reads: 50},
		},
		FIFOs:    []FIFOTraffic{{Name: "a.b", Depth: 256, WidthBits: 64, Pushes: 3, Pops: 2}},
		DRAMBits: 16*8 - 3, // whole bytes are moved
	})
	want := []EnergyPart{
		{Part: "multiply", PJ: 1000 * 0.2},
		{Part: "accumulate", PJ: 1000 * 0.1},
		{Part: "requantize", PJ: 10 * 3.1},
		{Part: "window", PJ: 40 * 20},
		{Part: "weights", PJ: 50 * 20},
		{Part: "fifo a.b", PJ: 5 * 5}, // 2 KiB
		{Part: "dram", PJ: 3900},
	}
	total := 200 + 100 + 31 + 800 + 1000 + 25 + 3900.0
	for i := range want {
		want[i].Share = want[i].PJ / total
	}
	tolerant := cmp.Comparer(near)
	if diff := cmp.Diff(Energy{Table: "horowitz-45nm", TotalPJ: total, Parts: want}, got, tolerant); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNoWorkNoEnergy(t *testing.T) {
	e := horowitz(t).Inference(&Bill{Operations: []Operation{{Part: "multiply", A: 8, B: 8}}, Memories: []MemoryUse{{Name: "m", Words: 8, WidthBits: 8}}})
	if e.TotalPJ != 0 {
		t.Errorf("%v pJ for nothing", e.TotalPJ)
	}
	for _, p := range e.Parts {
		if p.Share != 0 {
			t.Errorf("share of %s is %v", p.Part, p.Share)
		}
	}
}

func TestMoreWorkNeverLessEnergy(t *testing.T) {
	h := horowitz(t)
	rapid.Check(t, func(t *rapid.T) {
		many := rapid.Int64Range(0, 1<<40)
		bits := rapid.IntRange(1, 32)
		c := Bill{
			Operations: []Operation{{Part: "multiply", Count: many.Draw(t, "products"), A: bits.Draw(t, "weight"), B: bits.Draw(t, "input"),
				Float: rapid.Bool().Draw(t, "float")}, {Part: "accumulate", Count: many.Draw(t, "sums"), A: bits.Draw(t, "accumulator")}},
			DRAMBits: many.Draw(t, "dram"),
			Memories: []MemoryUse{{
				Name: "m", Words: rapid.IntRange(0, 1<<20).Draw(t, "words"),
				WidthBits: rapid.IntRange(1, 4096).Draw(t, "width"), Reads: many.Draw(t, "reads"),
			}},
		}
		before := h.Inference(&c)
		more := c
		more.Memories, more.Operations = slices.Clone(c.Memories), slices.Clone(c.Operations)
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			more.Operations[0].Count++
		case 1:
			more.Operations[0].A++
		case 2:
			more.Operations[1].A++
		case 3:
			more.DRAMBits++
		case 4:
			more.Memories[0].Writes++
		case 5:
			more.Memories[0].Words++
		}
		if after := h.Inference(&more); after.TotalPJ < before.TotalPJ {
			t.Fatalf("%v pJ, with more work %v", before.TotalPJ, after.TotalPJ)
		}
	})
}

func TestEnergyTableMistakes(t *testing.T) {
	data, err := shipped.ReadFile("energy/horowitz-45nm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("{bits: 32, pj: 3.1}", "{bits: 8, pj: 3.1}", "kib: 1024", "kib: 16", "high_pj: 2600", "high_pj: 26").Replace(string(data))
	var table EnergyTable
	var all *strictyaml.Errors
	if !errors.As(decode("t.yaml", []byte(text), &table), &all) {
		t.Fatal("accepted")
	}
	golden(t, "energy-mistakes.txt", all.Error()+"\n")
	if _, err := LoadEnergyTable("horowitz"); err == nil || !strings.Contains(err.Error(), "did you mean horowitz-45nm?") {
		t.Errorf("got %v", err)
	}
}

func TestEnergyTablesShipped(t *testing.T) {
	for _, name := range names("energy") {
		table, err := LoadEnergyTable(name)
		if err != nil {
			t.Error(err)
		}
		if table.Name != name || table.Source == "" {
			t.Errorf("%s: name %q, source %q", name, table.Name, table.Source)
		}
	}
}
