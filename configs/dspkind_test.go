package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
)

func TestWhatMultiplies(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       resources.DSPKind
		latency    int // with 8 products a sum
		aside      string
	}{
		{"nothing said", "", resources.DSP58, 3, ""},
		{"a kind", "resources: {dsp: dsp48e1}", resources.DSP48E1, 7, ""},
		{"a board", "board: pynq-z2", resources.DSP48E1, 7, ""},
		{"a board of another kind", "board: vck190\nresources: {dsp: dsp48e2}", resources.DSP58, 3,
			"resources.dsp: dsp48e2 is set aside: vck190 has dsp58"},
		{"LUTs on a board", "board: zcu104\nresources: {dsp: lut}", resources.LUTMult, 2, ""},
		{"a latency stated", "board: zcu104\narray: {latency: 64}", resources.DSP48E2, 64, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := configs.ParseHardware("x.yaml", []byte("name: x\n"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			if h.DSPKind() != c.kind || h.ArrayLatency(8) != c.latency || h.SetAside() != c.aside {
				t.Errorf("%s, latency %d, %q; want %s, %d, %q", h.DSPKind(), h.ArrayLatency(8), h.SetAside(), c.kind, c.latency, c.aside)
			}
		})
	}
}

// TestBoardBesideTheFile: a path is relative to the file that names it, and a
// mistake in it stands at its place.
func TestBoardBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("own.yaml", "name: own\npart: X\ndsp_kind: dsp48e1\nresources: {lut: 1, ff: 1, dsp: 1, bram18: 0, uram: 0}\nclock_mhz: 1\ndram_gbytes_per_s: 0\n")
	h, err := configs.LoadHardware(write("hw.yaml", "name: x\nboard: own.yaml\n"))
	if err != nil || h.Device().Name != "own" {
		t.Fatalf("%v, %v", h, err)
	}
	path := write("bad.yaml", "name: x\nboard: zcu105\narray: {pe: 0}\n")
	_, err = configs.LoadHardware(path)
	for _, want := range []string{path + ":2:8: board: unknown board, got zcu105; allowed: alveo-u250, ", path + ":3:13: array.pe"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}
