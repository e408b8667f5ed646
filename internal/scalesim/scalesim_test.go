package scalesim_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/scalesim"
)

const header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,"

// What is imported is a workload that loads, with these layers.
func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // in the workload
		macs int64    // of all layers
	}{
		"convolutions": {header + "\nConv1, 227, 227, 11, 11, 3, 96, 4,\nConv2, 31, 31, 5, 5, 96, 256, 1,\n",
			[]string{`{name: "Conv1", op: conv2d, in_channels: 3, out_channels: 96, kernel_size: 11, stride: 4, bias: false, input: {height: 227, width: 227}}`},
			55*55*96*11*11*3 + 27*27*256*25*96},
		"products":         {"Layer, M, N, K,\nfc, 5, 7, 11,\n", []string{"in_channels: 11, out_channels: 7, kernel_size: 1", "{height: 5, width: 1}"}, 5 * 7 * 11},
		"depthwise":        {header + "\nDP_1, 8, 8, 3, 3, 16, 1, 1,\n", []string{"in_channels: 16, out_channels: 16, kernel_size: 3, groups: 16"}, 36 * 16 * 9},
		"further columns":  {header + " Stride W, Padding, Pad W, Dilation, Groups\nx, 9, 8, 3, 2, 4, 6, 2, 1, 1, 0, 2, 2\n", []string{"kernel_size: [3, 2], stride: [2, 1], padding: [1, 0], dilation: 2, groups: 2"}, 4 * 6 * 6 * 6 * 2},
		"a title twice":    {"Layer, IFMAP Width, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\na, 700, 161, 20, 5, 1, 32, 2,\n", []string{"{height: 700, width: 161}"}, 341 * 79 * 32 * 100},
		"a title misspelt": {"Layer name, IFMAP Heigth, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\na, 7, 5, 3, 3, 1, 2, 1,\n", []string{"{height: 7, width: 5}"}, 15 * 2 * 9},
		"two strides":      {header + "\na, 96, 96, 3, 3, 3, 8, 2, 1\n", []string{"stride: [2, 1]"}, 47 * 94 * 8 * 27},
		"remarks":          {header + "\na, 8, 8, 3, 3, 1, 1, 1,#dw\n", []string{`name: "a"`}, 36 * 9},
		"parts":            {header + "\n\nFirst,\na, 8, 8, 3, 3, 1, 1, 1,\n\nSecond part,\na, 8, 8, 3, 3, 1, 1, 1,\na, 8, 8, 3, 3, 1, 1, 1, \n", []string{`name: "a"`, `name: "a_2"`, `name: "a_3"`}, 3 * 36 * 9},
		"empty lines":      {header + "\n\n,,,,,,,,\na, 1, 1, 1, 1, 1, 1, 1,\n", []string{`name: "a"`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			topology, err := scalesim.Read("t.csv", strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			text := topology.Workload("net")
			for _, want := range c.want {
				if !strings.Contains(string(text), want) {
					t.Errorf("got:\n%s\nwant: %s", text, want)
				}
			}
			w, err := configs.ParseWorkload("net.yaml", text)
			if err != nil {
				t.Fatal(err)
			}
			macs := int64(0)
			for _, l := range w.Layers {
				shape, err := l.Shape()
				if err != nil {
					t.Fatal(err)
				}
				macs += shape.MACs()
			}
			if macs != c.macs || w.Name != "net" {
				t.Errorf("%d MACs of %s; want: %d", macs, w.Name, c.macs)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":    {"", []string{"t.csv: no line with the names of columns"}},
		"layers":   {header + "\n", []string{"t.csv: no layers"}},
		"column":   {"Layer, Colour\na, b\n", []string{`t.csv:1:8: column "Colour"; allowed: name, height`}},
		"twice":    {"Layer, M, N, K, M\n", []string{`t.csv:1:17: column "M" is there already`}},
		"missing":  {"Layer, M, N\n", []string{"there is no column of K; expected: name, M, N, K"}},
		"numbers":  {header + "\na, 0, x, 3, 3, 1, 1, 1,\nb, 8, 8, 3, 3, 1.5, 1, ,\n", []string{`t.csv:2:4: height is "0"; allowed: whole numbers from 1 on`, `t.csv:2:7: width is "x"`, `t.csv:3:16: channels is "1.5"`, `stride is ""`}},
		"surplus":  {header + "\na, 8, 8, 3, 3, 1, 1, 1, 7, 5\n", []string{`t.csv:2:28: "5" is in no column`}},
		"stride":   {header + "\na, 8, 8, 3, 3, 1, 1, 1, x\n", []string{`t.csv:2:25: the stride of columns is "x"; allowed: whole numbers from 1 on`}},
		"two":      {"Layer, Heigth, IFMAP Width, Filter Heigth, Filter Width, Channels, Num Filter, Strides\n", []string{`column "Heigth"`, `column "Filter Heigth"`}},
		"moved":    {"Layer, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Padding, Dilation\n", []string{"there is no column of stride"}},
		"kernel":   {header + "\na, 2, 8, 3, 3, 1, 1, 1,\n", []string{"t.csv:2:1: "}},
		"sparsity": {header[:len(header)-1] + ", Sparsity\na, 8, 8, 3, 3, 1, 1, 1, 2:4\n", []string{`sparsity "2:4"; supported: 1:1, dense`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scalesim.Read("t.csv", strings.NewReader(c.text))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got: %v\nwant: %s", err, want)
				}
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + "\nConv1, 227, 227, 11, 11, 3, 96, 4,\n")
	f.Add("Layer, M, N, K,\nfc, 5, 7, 11,\n")
	f.Fuzz(func(t *testing.T, text string) {
		if topology, err := scalesim.Read("t.csv", strings.NewReader(text)); err == nil {
			topology.Workload("net")
		}
	})
}
