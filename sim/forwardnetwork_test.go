package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pipeline/clock"
)

// layersOfStrides draws a network whose layers have rows of different lengths: convolutions
// and poolings of strides, shortcuts, and in two of three a pooling over all that is left.
type layersOfStrides struct {
	*rand.Rand
	strings.Builder
	at                      string // the newest tensor
	channels, height, width int
	n                       int
	pooled                  bool
}

const toInt8 = "requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.002, output_scale: 0.02, dtype: int8}"

func (l *layersOfStrides) layer(op, keys string, inputs ...string) {
	name := fmt.Sprintf("l%d", l.n)
	l.n++
	fmt.Fprintf(l, "  - {name: %s, op: %s, inputs: [%s], %s}\n", name, op, strings.Join(inputs, ", "), keys)
	l.at = name
}

func (l *layersOfStrides) conv(out, kernel, stride, dilation int) {
	pad := dilation * (kernel - 1) / 2
	l.layer("conv2d", fmt.Sprintf("in_channels: %d, out_channels: %d, kernel_size: %d, stride: %d, padding: %d, dilation: %d, %s",
		l.channels, out, kernel, stride, pad, dilation, toInt8), l.at)
	l.channels = out
	l.height, l.width = (l.height-1)/stride+1, (l.width-1)/stride+1
}

func (l *layersOfStrides) step() {
	switch l.IntN(5) {
	case 0:
		shortcut := l.at
		l.conv(l.channels, 3, 1, 1+l.IntN(2))
		l.layer("com.microsoft.QLinearAdd", "a: {dtype: int8, scale: 0.02}, b: {dtype: int8, scale: 0.02}, c: {dtype: int8, scale: 0.02}", l.at, shortcut)
	case 1:
		if k := 2 + l.IntN(2); l.height >= 2*k && l.width >= 2*k {
			l.layer("max_pool2d", fmt.Sprintf("kernel_size: %d", k), l.at)
			l.height, l.width = l.height/k, l.width/k
		}
	default:
		l.conv(1+l.IntN(6), 1+2*l.IntN(3), 1+l.IntN(3), 1+l.IntN(2))
	}
}

func (l *layersOfStrides) end() {
	switch l.IntN(3) {
	case 0:
		return
	case 1:
		l.layer("com.microsoft.QLinearGlobalAveragePool", "x: {dtype: int8, scale: 0.02}, y: {dtype: int8, scale: 0.02}", l.at)
	case 2:
		l.layer("max_pool2d", fmt.Sprintf("kernel_size: [%d, %d]", l.height, l.width), l.at)
	}
	l.pooled = true
	l.layer("conv2d", fmt.Sprintf("in_channels: %d, out_channels: 3, kernel_size: 1, %s", l.channels, toInt8), l.at)
}

// strided is random network i, and whether it pools all that is left of an image.
func strided(t *testing.T, r *rand.Rand, size int) (*network.Graph, bool) {
	t.Helper()
	l := &layersOfStrides{Rand: r, at: "x", channels: 1 + r.IntN(4), height: size + r.IntN(2*size), width: 8 + r.IntN(size)}
	input := fmt.Sprintf("inputs:\n  - {name: x, dtype: int8, shape: [1, %d, %d, %d]}\n", l.channels, l.height, l.width)
	l.conv(1+r.IntN(4), 3, 1, 1)
	for range 1 + r.IntN(4) {
		l.step()
	}
	l.end()
	text := "name: strided\n" + input + "outputs: [" + l.at + "]\nlayers:\n" + l.String()
	net, err := configs.ParseNetwork("strided.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return net.Graph, l.pooled
}

// stridedHardware draws hardware, sometimes with ports that keep time.
func stridedHardware(t *testing.T, r *rand.Rand) *configs.Hardware {
	t.Helper()
	patterns := []string{"{pattern: full}", "{pattern: full}", "{pattern: full}", "{every: 2}", "{every: 3}", "{burst: {open: 4, closed: 2}}"}
	text := fmt.Sprintf("name: strided\narray: {pe: %d, simd: %d}\nwindow: {style: %s, frame_overlap: %t}\n"+
		"fifo: {depth: %d}\nsource: %s\nsink: %s\n",
		1+r.IntN(4), 1+r.IntN(4), []string{"serial", "parallel"}[r.IntN(2)], r.IntN(2) == 0, 1+r.IntN(8),
		patterns[r.IntN(len(patterns))], patterns[r.IntN(len(patterns))])
	hw, err := configs.ParseHardware("strided.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return hw
}

// TestFastForwardOfStrides: in networks whose layers have rows of different lengths skipping
// what repeats changes nothing, neither where the last window has rows nor where it has one.
func TestFastForwardOfStrides(t *testing.T) {
	t.Parallel()
	n, skipped, pools, pooled := int(blocktest.Designs(t, 120)), 0, 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(17, uint64(i)))
		g, pool := strided(t, r, 24+8*(i%4))
		net, err := mapping.MapNetwork(stridedHardware(t, r), g)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		frames := 1 + r.Int64N(4)
		want, dead := clock.Solve(net.Plan, clock.Options{Frames: frames, EveryBeat: true})
		got, stuck := clock.Solve(net.Plan, clock.Options{Frames: frames})
		var a, b *clock.Deadlock
		if errors.As(dead, &a) != errors.As(stuck, &b) || (dead == nil) != (stuck == nil) {
			t.Fatalf("network %d: %v, every beat %v", i, stuck, dead)
		}
		if dead != nil {
			continue
		}
		if pool {
			pools++
		}
		if got.Skipped > 0 {
			skipped++
			if pool {
				pooled++
			}
			got.Skipped = 0
		}
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("network %d, %d frames (-every beat +fast-forward):\n%s", i, frames, diff)
		}
	}
	t.Logf("%d of %d networks skipped something, of those with a pooling over the whole frame %d of %d", skipped, n, pooled, pools)
	if skipped < n/3 || pooled < pools/3 {
		t.Errorf("only %d of %d networks skipped anything, %d of %d with a pooling over the whole frame", skipped, n, pooled, pools)
	}
}
