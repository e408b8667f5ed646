package configs_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/convsim/convsim/configs"
)

// TestSettings: every key that a file may give shows, and defaults count as given.
func TestSettings(t *testing.T) {
	const plain = "name: a\narray: {pe: 4}\n"
	for _, c := range []struct {
		text string
		want []configs.Setting // that plain has not
	}{
		{"name: b\narray: {pe: 4, simd: 1}\nclock_mhz: 200\n", nil},
		{"name: a\narray: {pe: 8}\n", []configs.Setting{{"array.pe", "8"}}},
		{plain + "window: {style: parallel}\n", []configs.Setting{{"window.style", "parallel"}}},
		{plain + "fifo: {edges: {pad.window: 9}}\n", []configs.Setting{{"fifo.edges.pad.window", "9"}}},
		{plain + "source: {every: 3}\n", []configs.Setting{{"source", "every 3, phase 0"}}},
		{plain + "sink: {burst: {open: 2, closed: 5}}\n", []configs.Setting{{"sink", "burst: open 2, closed 5"}}},
		{plain + "sink: {random: 7}\n", []configs.Setting{{"sink", "random 7"}}},
		{plain + "sink: {cycles: [1, 4], repeat: 6}\n", []configs.Setting{{"sink", "repeat 6, cycles [1 4]"}}},
		{plain + "sink: {bytes_per_cycle: 2.5}\n", []configs.Setting{{"sink", "bytes_per_cycle 2.5"}}},
		{plain + "board: zcu104\n", []configs.Setting{{"board", "zcu104"}}},
		{plain + "mode: layerwise\ndram: {bytes_per_cycle: 8}\n", []configs.Setting{{"mode", "layerwise"}, {"dram.bytes_per_cycle", "8"}}},
		{plain + "layers: {\"conv*\": {array: {pe: 2}, fork: tap}}\n",
			[]configs.Setting{{"layers.conv*.array.pe", "2"}, {"layers.conv*.fork", "tap"}}},
	} {
		base, err := configs.ParseHardware("a.yaml", []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		hw, err := configs.ParseHardware("b.yaml", []byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		known := base.Settings()
		got := slices.DeleteFunc(hw.Settings(), func(s configs.Setting) bool { return slices.Contains(known, s) })
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}
