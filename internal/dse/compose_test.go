package dse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/template"
)

// everyAxis has an axis for every key that is put together from parts.
const everyAxis = `name: every-axis
workload: layer.yaml
hardware: {name: base, clock_mhz: 7, source: {every: 3}, fifo: {depth: 4, edges: {pad.window: 9}}}
axes:
  clock_mhz: [100, 99.5]
  array.pe: [1, 3, 0]
  array.simd: [2, 4]
  array.group_parallel: [1, 2]
  zip:
    - window.style: [serial, parallel]
      window.frame_overlap: [true, false]
    - fifo.edges.window.array: [5, 6]
      fifo.edges.pad.window: [7, 0]
  window.buffer_depth: [0, 50]
  accumulator.bits: [16, 40]
  fifo.depth: [1, 2]
  fifo.latency: [1, 3]
  resources.dsp: [lut, dsp58]
objectives:
  - minimize: cycles
`

// TestComposedHardware: hardware put together from parts is the one that its text describes.
func TestComposedHardware(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"sweep.yaml": everyAxis,
		"layer.yaml": "op: conv2d\nin_channels: 4\nout_channels: 4\nkernel_size: 3\ninput: {height: 9, width: 8}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(filepath.Join(dir, "sweep.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c := template.NewComposer(s.Definition.Hardware, s.Axes)
	if c == nil {
		t.Fatal("nothing is composed")
	}
	first, ok := c.Compose(s.Axes.Coords(0))
	if !ok {
		t.Fatal("the first point is illegal")
	}
	before, composed := fields(t, first), 0
	for index := int64(0); index < s.Axes.Size(); index += 7 {
		want, err := configs.ParseHardware("", s.Template.Fill(nil, s.Axes.Point(index)))
		got, ok := c.Compose(s.Axes.Coords(index))
		if ok != (err == nil) {
			t.Fatalf("point %d: composed %v, its text says %v", index, ok, err)
		}
		if !ok {
			continue
		}
		composed++
		if a, b := fields(t, want), fields(t, got); a != b {
			t.Fatalf("point %d: composed\n%s\nwant\n%s", index, b, a)
		}
	}
	if composed == 0 {
		t.Error("no legal point")
	}
	if after := fields(t, first); after != before {
		t.Errorf("composing others changed the first point to\n%s\nfrom\n%s", after, before)
	}
}

func fields(t *testing.T, hw *configs.Hardware) string {
	t.Helper()
	text, err := json.Marshal(hw)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
