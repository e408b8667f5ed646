package resources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What Yosys 0.23 makes of memories of these depths and widths.
func TestBlockRAM(t *testing.T) {
	for _, tc := range []struct{ depth, width, want int }{
		{0, 36, 0},
		{200, 32, 1}, {512, 36, 1}, {600, 32, 2}, {600, 64, 4}, {1024, 18, 1}, {1100, 128, 12}, {2304, 72, 10}, {2304, 64, 10},
		{4608, 32, 9}, {1500, 16, 2}, {3000, 8, 2}, {5000, 8, 3}, {9000, 8, 5}, {700, 9, 1}, {18000, 8, 9}, {300, 128, 4}, {1200, 36, 3},
		{16384, 1, 1}, {8193, 2, 2},
	} {
		if got := blockRAM(tc.depth, tc.width).BRAM18; got != tc.want {
			t.Errorf("%d words of %d bits: %d, want %d", tc.depth, tc.width, got, tc.want)
		}
	}
}

func TestOtherMemories(t *testing.T) {
	for _, tc := range []struct {
		name      string
		got, want int
	}{
		{"uram, exactly one", uram(4096, 72), 1},
		{"uram, one more each way", uram(4097, 73), 4},
		{"32 words of 14 bits in eight LUTs", lutRAM(32, 14), 8},
		{"33 words of 32 bits", lutRAM(33, 32), 40},
		{"100 words of 32 bits: two banks and a choice", lutRAM(100, 32), 112},
		{"64 constants in a LUT a bit", lutROM(64, 8).LUT, 8},
		{"65 constants", lutROM(65, 8).LUT, 16},
		{"of two words there are two columns that vary", lutROM(2, 100).FF, 2},
		{"one word is wires", lutROM(1, 100).LUT, 0},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, tc.got, tc.want)
		}
	}
}

func TestBuffer(t *testing.T) {
	for _, tc := range []struct {
		name string
		b    Buffer
		want Amount
	}{
		{"32 beats stay in LUTs", Buffer{Depth: 32, WidthBits: 1000, Kind: RAM}, Amount{LUT: 8 * 72, FF: 1000}},
		{"1024 bits stay in LUTs", Buffer{Depth: 128, WidthBits: 8, Kind: RAM}, Amount{LUT: 2*8*2 + 8, FF: 8}},
		{"one bit more does not", Buffer{Depth: 1025, WidthBits: 1, Kind: RAM}, Amount{BRAM18: 1}},
		{"asked for block RAM", Buffer{Depth: 2, WidthBits: 8, Kind: RAM, Style: Block}, Amount{BRAM18: 1}},
		{"asked for UltraRAM", Buffer{Depth: 5000, WidthBits: 100, Kind: RAM, Style: Ultra}, Amount{URAM: 4}},
		{"registers", Buffer{Depth: 3, WidthBits: 10, Kind: Registers}, Amount{FF: 30}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.b.Cost()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Flip-flops and blocks as Yosys 0.23 makes them, exactly.
func TestFIFO(t *testing.T) {
	for _, tc := range []struct {
		name       string
		f          FIFO
		ff, bram18 int
	}{
		{"wire", FIFO{Depth: 0, WidthBits: 64}, 0, 0},
		{"depth 1", FIFO{Depth: 1, WidthBits: 16}, 1, 0},
		{"depth 2", FIFO{Depth: 2, WidthBits: 64}, 5, 0},
		{"depth 3", FIFO{Depth: 3, WidthBits: 16}, 8, 0},
		{"depth 16", FIFO{Depth: 16, WidthBits: 16}, 17, 0},
		{"depth 33", FIFO{Depth: 33, WidthBits: 16}, 24, 0},
		{"depth 128 of LUTs", FIFO{Depth: 128, WidthBits: 16}, 29, 0},
		{"latency 5", FIFO{Depth: 4, WidthBits: 16, Latency: 5}, 16, 0},
		{"depth 300 of block RAM", FIFO{Depth: 300, WidthBits: 16}, 44, 1},
		{"depth 512", FIFO{Depth: 512, WidthBits: 16}, 45, 1},
		{"depth 1024", FIFO{Depth: 1024, WidthBits: 16}, 48, 1},
	} {
		if got := tc.f.Cost(Device{}); got.FF != tc.ff || got.BRAM18 != tc.bram18 {
			t.Errorf("%s: %+v, want %d FF and %d BRAM18", tc.name, got, tc.ff, tc.bram18)
		}
	}
}

// Blocks hold what is put into them, and neither depth nor width makes a memory cheaper.
func TestBlocksHoldTheirContentsAndGrow(t *testing.T) {
	for _, m := range []struct {
		name   string
		blocks func(depth, width int) int
		bits   int // capacity of a block
	}{
		{"blockRAM", func(depth, width int) int { return blockRAM(depth, width).BRAM18 }, 18 * 1024},
		{"uram", uram, uramDepth * uramWidth},
	} {
		t.Run(m.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				depth := rapid.OneOf(rapid.IntRange(1, 70000), rapid.SampledFrom([]int{16383, 16384, 32767, 32768, 49151})).Draw(t, "depth")
				width := rapid.IntRange(1, 600).Draw(t, "width")
				n := m.blocks(depth, width)
				if n*m.bits < depth*width {
					t.Fatalf("%d blocks hold %d bits, %d are stored", n, n*m.bits, depth*width)
				}
				if deeper := m.blocks(depth+1, width); deeper < n {
					t.Fatalf("one deeper: %d blocks, before %d", deeper, n)
				}
				if wider := m.blocks(depth, width+1); wider < n {
					t.Fatalf("one wider: %d blocks, before %d", wider, n)
				}
			})
		})
	}
}

func TestDeeperFIFONeverFewerBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := FIFO{
			Depth:     rapid.IntRange(0, 5000).Draw(t, "depth"),
			WidthBits: rapid.IntRange(1, 300).Draw(t, "width"),
			Style:     rapid.SampledFrom(RAMStyles()).Draw(t, "style"),
		}
		shallow := f.Cost(Device{})
		f.Depth++
		deep := f.Cost(Device{})
		if deep.BRAM18 < shallow.BRAM18 || deep.URAM < shallow.URAM {
			t.Fatalf("depth %d: %+v, one deeper: %+v", f.Depth-1, shallow, deep)
		}
	})
}
