package resources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWordBRAM(t *testing.T) {
	for _, tc := range []struct{ depth, width, want int }{
		{0, 36, 0},
		{16384, 1, 1}, {16385, 1, 2},
		{8192, 2, 1}, {8193, 2, 2},
		{4096, 3, 1}, {4097, 4, 2},
		{2048, 9, 1}, {2049, 5, 2},
		{1024, 18, 1}, {1025, 10, 2},
		{512, 36, 1}, {513, 36, 2}, {512, 37, 2},
		{600, 40, 1 * 3},    // deeper than 512: 18 wide
		{144, 2048, 57},     // 16 x 16 int8 weights, 36 wide
		{4608, 512, 5 * 29}, // 8 x 8 int8 weights of 512 x 576
	} {
		if got := wordBRAM(tc.depth, tc.width); got != tc.want {
			t.Errorf("wordBRAM(%d, %d) = %d, want %d", tc.depth, tc.width, got, tc.want)
		}
	}
}

func TestBufferBRAM(t *testing.T) {
	for _, tc := range []struct{ depth, width, want int }{
		{0, 64, 0},
		{512, 64, 2}, {513, 64, 4},
		{1024, 64, 4}, {1025, 64, 8},
		{2048, 64, 8}, {2049, 64, 16},
		{4096, 64, 16}, {4097, 64, 32},
		{8192, 64, 32}, {8193, 64, 64},
		{16384, 64, 64},
		{16385, 64, 64 + 2}, // one step, and a shallow rest
		{16384 + 1000, 64, 64 + 4},
		{2 * 16384, 64, 128}, // a full last step is not free
	} {
		if got := bufferBRAM(tc.depth, tc.width); got != tc.want {
			t.Errorf("bufferBRAM(%d, %d) = %d, want %d", tc.depth, tc.width, got, tc.want)
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
		{"64 words in one LUT per bit", distributedLUT(64, 8, lutramWeightDepth), 8},
		{"65 words", distributedLUT(65, 8, lutramWeightDepth), 16},
		{"two SRL16 in a LUT", shiftLUT(16, 9), 5},
		{"SRL32", shiftLUT(17, 9), 9},
		{"SRL32 cascaded", shiftLUT(33, 9), 18},
		{"no shift register", shiftLUT(0, 9), 0},
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
		{"32 beats stay in LUTs", Buffer{Depth: 32, WidthBits: 1000, Kind: RAM}, Amount{LUT: 1000}},
		{"1024 bits stay in LUTs", Buffer{Depth: 128, WidthBits: 8, Kind: RAM}, Amount{LUT: 8 * 4}},
		{"one bit more does not", Buffer{Depth: 1025, WidthBits: 1, Kind: RAM}, Amount{BRAM18: 1}},
		{"asked for LUTs", Buffer{Depth: 100, WidthBits: 64, Kind: RAM, Style: LUTRAM}, Amount{LUT: 64 * 3}},
		{"asked for block RAM", Buffer{Depth: 2, WidthBits: 8, Kind: RAM, Style: Block}, Amount{BRAM18: 1}},
		{"asked for UltraRAM", Buffer{Depth: 5000, WidthBits: 100, Kind: RAM, Style: Ultra}, Amount{URAM: 4}},
		{"shift register", Buffer{Depth: 40, WidthBits: 10, Kind: ShiftRegister}, Amount{LUT: 20, FF: 10}},
		{"empty shift register", Buffer{Depth: 0, WidthBits: 10, Kind: ShiftRegister}, Amount{}},
		{"registers", Buffer{Depth: 3, WidthBits: 10, Kind: Registers}, Amount{FF: 30}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.b.Cost()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestFIFO(t *testing.T) {
	for _, tc := range []struct {
		name string
		f    FIFO
		want Amount
	}{
		{"wire", FIFO{Depth: 0, WidthBits: 64}, Amount{}},
		{"depth 1", FIFO{Depth: 1, WidthBits: 64}, Amount{LUT: 32, FF: 64 + 5}},
		{"depth 2", FIFO{Depth: 2, WidthBits: 128}, Amount{LUT: 2 + 64, FF: 128 + 1 + 5}},
		{"depth 33", FIFO{Depth: 33, WidthBits: 15}, Amount{LUT: 2*6 + 2*8, FF: 15 + 6 + 5}},
		{"depth 256 is the last of shift registers", FIFO{Depth: 256, WidthBits: 16}, Amount{LUT: 16 + 8*8, FF: 16 + 8 + 5}},
		{"depth 300 becomes 512 of block RAM", FIFO{Depth: 300, WidthBits: 16}, Amount{LUT: 18, FF: 16 + 18 + 5, BRAM18: 1}},
		{"depth 2049 becomes 4096", FIFO{Depth: 2049, WidthBits: 18}, Amount{LUT: 24, FF: 18 + 24 + 5, BRAM18: 4}},
		{"narrow ones stay shift registers", FIFO{Depth: 512, WidthBits: 2}, Amount{LUT: 18 + 16, FF: 2 + 9 + 5}},
		{"asked for block RAM", FIFO{Depth: 2, WidthBits: 72, Style: Block}, Amount{LUT: 2, FF: 72 + 2 + 5, BRAM18: 2}},
		{"asked for UltraRAM", FIFO{Depth: 5000, WidthBits: 72, Style: Ultra}, Amount{LUT: 26, FF: 72 + 26 + 5, URAM: 2}},
		{"asked for shift registers", FIFO{Depth: 512, WidthBits: 64, Style: LUTRAM}, Amount{LUT: 18 + 16*32, FF: 64 + 9 + 5}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.f.Cost(Device{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Blocks hold what is put into them, and neither depth nor width makes a memory cheaper.
func TestBlocksHoldTheirContentsAndGrow(t *testing.T) {
	for _, m := range []struct {
		name   string
		blocks func(depth, width int) int
		bits   int // capacity of a block
	}{
		{"wordBRAM", wordBRAM, 18 * 1024},
		{"bufferBRAM", bufferBRAM, 18 * 1024},
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
