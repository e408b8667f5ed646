package resources

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/strictyaml"
)

// The numbers as the data sheets print them, block RAMs in blocks of 36 Kbit.
func TestBoardsAreTheDataSheets(t *testing.T) {
	sheets := []struct {
		name   string
		kind   DSPKind
		amount Amount
	}{
		{"alveo-u250", DSP48E2, Amount{LUT: 1728000, FF: 3456000, DSP: 12288, BRAM18: 2 * 2688, URAM: 1280}},
		{"kv260", DSP48E2, Amount{LUT: 117120, FF: 234240, DSP: 1248, BRAM18: 2 * 144, URAM: 64}},
		{"pynq-z2", DSP48E1, Amount{LUT: 53200, FF: 106400, DSP: 220, BRAM18: 2 * 140, URAM: 0}},
		{"ultra96-v2", DSP48E2, Amount{LUT: 70560, FF: 141120, DSP: 360, BRAM18: 2 * 216, URAM: 0}},
		{"vck190", DSP58, Amount{LUT: 899840, FF: 1799680, DSP: 1968, BRAM18: 2 * 967, URAM: 463}},
		{"zcu102", DSP48E2, Amount{LUT: 274080, FF: 548160, DSP: 2520, BRAM18: 2 * 912, URAM: 0}},
		{"zcu104", DSP48E2, Amount{LUT: 230400, FF: 460800, DSP: 1728, BRAM18: 2 * 312, URAM: 96}},
	}
	var listed []string
	for _, sheet := range sheets {
		listed = append(listed, sheet.name)
		b, err := LoadBoard(sheet.name)
		if err != nil {
			t.Fatal(err)
		}
		if b.Name != sheet.name || b.DSPKind != sheet.kind || b.Available.Amount() != sheet.amount {
			t.Errorf("got %+v, want %+v", b, sheet)
		}
		if b.Sources.Resources == "" || b.Sources.DRAM == "" || b.Sources.Clock == "" {
			t.Errorf("%s does not name its sources", b.Name)
		}
		if b.DRAMGBytesPS == 0 {
			t.Errorf("%s has no DRAM bandwidth", b.Name)
		}
		// A slice has two flip-flops per LUT in all families since series 7.
		if b.Available.FF != 2*b.Available.LUT {
			t.Errorf("%s: %d flip-flops for %d LUTs", b.Name, b.Available.FF, b.Available.LUT)
		}
	}
	if diff := cmp.Diff(listed, Boards()); diff != "" {
		t.Errorf("Boards (-want +got)\n%s", diff)
	}
}

func TestUnknownBoard(t *testing.T) {
	for _, tc := range []struct{ name, hint string }{
		{"kv26", "did you mean kv260?"},
		{"PYNQ-Z1", "did you mean pynq-z2?"},
		{"u250", "did you mean alveo-u250?"},
		{"ultra96", "did you mean ultra96-v2?"},
		{"de10-nano", ""},
		{"", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := LoadBoard(tc.name)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), tc.hint) || (tc.hint == "") == strings.Contains(err.Error(), "did you mean") {
				t.Errorf("%q: hint should be %q", err, tc.hint)
			}
			for _, known := range Boards() {
				if !strings.Contains(err.Error(), known) {
					t.Errorf("%q does not list %s", err, known)
				}
			}
		})
	}
}

const ownBoard = `name: mine
part: XC7A100T
dsp_kind: dsp48e1
resources: {lut: 63400, ff: 126800, dsp: 240, bram18: 270, uram: 0}
clock_mhz: 100
dram_gbytes_per_s: 1.6
`

func writeBoard(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOwnBoard(t *testing.T) {
	b, err := LoadBoard(writeBoard(t, ownBoard))
	if err != nil {
		t.Fatal(err)
	}
	want := Board{
		Name: "mine", Part: "XC7A100T", DSPKind: DSP48E1,
		Available: Available{LUT: 63400, FF: 126800, DSP: 240, BRAM18: 270},
		ClockMHz:  100, DRAMGBytesPS: 1.6,
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := LoadBoard("./missing.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: got %v", err)
	}
}

func TestOwnBoardWithMistakes(t *testing.T) {
	text := strings.NewReplacer("dsp48e1", "dsp49", "lut: 63400", "lut: 0", "clock_mhz: 100", "clock_mhz: fast", "dsp: 240", "dps: 240").Replace(ownBoard)
	path := writeBoard(t, text)
	_, err := LoadBoard(path)
	var all *strictyaml.Errors
	if !errors.As(err, &all) {
		t.Fatalf("got %v, want *strictyaml.Errors", err)
	}
	var got []string
	for _, e := range all.List {
		if e.File != path || e.Line == 0 || e.Column == 0 {
			t.Errorf("no position in %v", e)
		}
		got = append(got, e.Key)
	}
	slices.Sort(got)
	want := []string{"clock_mhz", "dsp_kind", "resources.dps", "resources.dsp", "resources.lut"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got)\n%s", diff)
	}
}

func TestFits(t *testing.T) {
	b := Board{
		Name: "b", DSPKind: DSP48E2, ClockMHz: 200,
		Available: Available{LUT: 1000, FF: 2000, DSP: 100, BRAM18: 10, URAM: 0},
	}
	r := Report{Multiplier: DSP48E2, ClockMHz: 200, Total: Amount{DSP: 81, LUT: 700, FF: 1001, BRAM18: 11, URAM: 0}}
	want := Fit{Board: "b", Fits: false, Uses: []Use{
		{Resource: DSP, Used: 81, Available: 100, Percent: 81, Fits: true, Tight: true},
		{Resource: LUT, Used: 700, Available: 1000, Percent: 70, Fits: true},
		{Resource: FF, Used: 1001, Available: 2000, Percent: 50.05, Fits: true, Tight: true},
		{Resource: BRAM18, Used: 11, Available: 10, Percent: 110},
		{Resource: URAM, Fits: true},
	}}
	near := cmp.Comparer(func(x, y float64) bool { return x-y < 1e-9 && y-x < 1e-9 })
	if diff := cmp.Diff(want, Fits(r, b), near); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFitsExactly(t *testing.T) {
	b := Board{Available: Available{LUT: 1, FF: 2, DSP: 3, BRAM18: 4, URAM: 5}, DSPKind: DSP58}
	r := Report{Multiplier: DSP58, Total: b.Available.Amount()}
	if f := Fits(r, b); !f.Fits {
		t.Errorf("all of the board does not fit: %+v", f)
	}
	for _, one := range []Amount{{DSP: 1}, {LUT: 1}, {FF: 1}, {BRAM18: 1}, {URAM: 1}} {
		more := r
		more.Total = r.Total.Plus(one)
		if Fits(more, b).Fits {
			t.Errorf("%+v more than the board has, and it fits", one)
		}
	}
}

func TestFitsWithoutTheResource(t *testing.T) {
	b := Board{Available: Available{LUT: 1, FF: 2}}
	f := Fits(Report{Multiplier: LUTMult, Total: Amount{URAM: 1}}, b)
	if u := f.Uses[len(f.Uses)-1]; f.Fits || u.Fits || u.Percent != 0 {
		t.Errorf("UltraRAM on a board without: %+v", u)
	}
}

func TestFitWarnings(t *testing.T) {
	board, err := LoadBoard("pynq-z2")
	if err != nil {
		t.Fatal(err)
	}
	d := example()
	want := []string{
		"estimated for dsp48e2 slices, the board has dsp48e1",
		"clock 200 MHz is above the typical 100 MHz of the board",
	}
	if diff := cmp.Diff(want, Fits(estimate(d), board).Warnings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	d.Multiplier, d.ClockMHz = LUTMult, 100
	if w := Fits(estimate(d), board).Warnings; w != nil {
		t.Errorf("multipliers in LUTs suit every board, got %q", w)
	}
}

func TestTables(t *testing.T) {
	r := estimate(example())
	golden(t, "stages.txt", StageTable(r))
	for _, name := range []string{"zcu104", "pynq-z2"} {
		b, err := LoadBoard(name)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "fit-"+name+".txt", FitTable(Fits(r, b)))
	}
	d := example()
	d.Array.PE, d.Weights.Style = 64, Ultra
	b, err := LoadBoard("pynq-z2")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "fit-too-much.txt", FitTable(Fits(estimate(d), b)))
}

func FuzzBoard(f *testing.F) {
	f.Add(ownBoard)
	for _, name := range Boards() {
		data, err := shipped.ReadFile("boards/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	r := estimate(example())
	f.Fuzz(func(t *testing.T, text string) {
		var b Board
		if decode("b.yaml", []byte(text), &b) != nil {
			return
		}
		if b.ClockMHz <= 0 || b.Available.LUT < 1 || b.DRAMGBytesPS < 0 {
			t.Fatalf("accepted %+v", b)
		}
		FitTable(Fits(r, b))
	})
}
