package resources

import (
	"errors"
	"strings"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Each number is worked out by hand from what the part is made of.
func TestGlueByHand(t *testing.T) {
	for _, tc := range []struct {
		name string
		part Part
		want Amount
	}{
		// one 32-bit adder a lane, nothing kept; two gates of handshakes
		{"adder of two", Reduction{Lanes: 4, Operands: 2, Bits: 32}, Amount{LUT: 4*32 + 2}},
		// two comparators and the choice; result and valid; no count of one beat
		{"greatest of three at once", Reduction{Lanes: 2, Operands: 3, Beats: 1, Bits: 8, Compare: true}, Amount{LUT: 2*2*12 + 2, FF: 2 * 9}},
		// one comparator, gathering register, counter of 9
		{"greatest over 9 beats", Reduction{Lanes: 2, Operands: 1, Beats: 9, Bits: 8, Compare: true}, Amount{LUT: 2*12 + 6 + 2, FF: 2*17 + 4}},
		// 4 results in turns: a memory of 32 bits for the register, a choice of what comes first, a counter more
		{"sums in turns", Reduction{Lanes: 2, Operands: 1, Beats: 9, Bits: 16, Turns: 4}, Amount{LUT: 2*32 + 6 + 2 + 2 + 24, FF: 2*17 + 4 + 2}},
		// 256 entries: 4 LUTs a bit
		{"table", Table{Lanes: 3, Entries: 256, Bits: 8}, Amount{LUT: 3 * 32, FF: 3*8 + 1}},
		{"table of 4-bit values", Table{Lanes: 1, Entries: 16, Bits: 8}, Amount{LUT: 8, FF: 9}},
		{"fork in 3", Fork{Branches: 3}, Amount{LUT: 7, FF: 3}},
		// 4:1 choice is one LUT a bit; counter of 10; three gates and a flag a port, but for one flag
		{"concat of 4", Turns{Inputs: 4, Outputs: 1, BeatBits: 16, Beats: 10}, Amount{LUT: 16 + 6 + 15, FF: 17 + 4 + 4}},
		{"concat of 5", Turns{Inputs: 5, Outputs: 1, BeatBits: 16, Beats: 10}, Amount{LUT: 32 + 6 + 18, FF: 17 + 4 + 5}},
		{"split in 2", Turns{Inputs: 1, Outputs: 2, BeatBits: 16, Beats: 2}, Amount{LUT: 9, FF: 2*17 + 1 + 2}},
		// a choice a bit of the narrow beat, and eight gates; parted, of the wide one, too
		{"joining 4 beats", Converter{NarrowBits: 8, Parts: 4, Up: true}, Amount{LUT: 8 + 8 + 2, FF: 32 + 8 + 2 + 2}},
		{"parting into 4", Converter{NarrowBits: 8, Parts: 4}, Amount{LUT: 32 + 8 + 8 + 2, FF: 32 + 8 + 8 + 2 + 2}},
		// what is above the type's bits is compared, and each bit chosen; of the other, a gate a bit
		{"clip", Limit{Lanes: 2, InputBits: 32, OutputBits: 8}, Amount{LUT: 2*28 + 2, FF: 2*8 + 1}},
		{"no less than 0", Limit{Lanes: 2, InputBits: 32, OutputBits: 32, Half: true}, Amount{LUT: 2*31 + 2, FF: 2*31 + 1}},
		{"product", Product{Lanes: 3, Bits: 8}, Amount{DSP: 3}},
		// 64 beats of 16 bits in LUTs; 16 places of 7 bits, a register; counters to 64 and 16, and a place of 16
		{"batch", Batch{Store: Buffer{Depth: 64, WidthBits: 16, Kind: RAM}, Taken: 64, Handed: 16, OutputBeatBits: 64}, Amount{LUT: 24 + 7 + 7 + 5 + 4, FF: 7 + 7 + 5 + 4}},
	} {
		var c checks
		tc.part.check(&c, Device{DSP48E2, 200})
		if got := tc.part.Cost(Device{DSP48E2, 200}); got != tc.want || c.errs != nil {
			t.Errorf("%s: %+v, want %+v (%v)", tc.name, got, tc.want, c.errs)
		}
	}
}

// plain is a block without a cost face.
type plain struct{}

func (plain) Kind() string                      { return "plain" }
func (plain) Streams() (in, out []sched.Stream) { return nil, nil }
func (plain) Needs([]int64) []int64             { return nil }
func (plain) Check() error                      { return nil }

// priced is a block that enters one of everything.
type priced struct{ plain }

func (priced) Bill(b *Bill) {
	b.Stage("part", Fork{Branches: 2})
	b.Memory(MemoryUse{Name: "store", Words: 8, WidthBits: 8, Reads: 1})
	b.Operate(Operation{Part: "sum", Count: 1, A: 8})
	b.External(sched.Stream{Elem: tensor.Int8, Lanes: 4, Rows: 3, Pixels: 2, Beats: 1, Idle: 2})
}

func TestPriceOfAPlan(t *testing.T) {
	p := &pipeline.Plan{Nodes: []pipeline.Node{{Layer: "a", Block: priced{}}, {Layer: "b", Block: priced{}}},
		Edges: []pipeline.Edge{{Name: "a.b", Depth: 4, Stream: sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 5, Pixels: 1, Beats: 1}}}}
	b := Price(p, Device{DSP58, 200})
	r, err := b.Report()
	if err != nil || len(r.Rows) != 3 || r.Rows[0].Stage != "a.part" || r.Rows[1].Stage != "b.part" || r.Rows[2].Stage != "fifo a.b" {
		t.Errorf("rows %+v (%v)", r.Rows, err)
	}
	if len(b.Memories) != 2 || b.Memories[1].Name != "b.store" || b.Operations[0].Part != "a.sum" {
		t.Errorf("memories %+v, operations %+v", b.Memories, b.Operations)
	}
	if want := int64(2 * (3*2*4 - 3*2) * 8); b.DRAMBits != want || b.FIFOs[0].Pushes != 5 {
		t.Errorf("%d bits of DRAM, want %d; FIFOs %+v", b.DRAMBits, want, b.FIFOs)
	}
}

func TestWithoutAModel(t *testing.T) {
	p := &pipeline.Plan{Nodes: []pipeline.Node{{Layer: "a", Block: plain{}}, {Block: priced{}}}}
	b := Price(p, Device{DSP58, 200})
	b.Refuse(errors.New("twice"))
	b.Refuse(errors.New("twice"))
	if _, err := b.Report(); err == nil || err.Error() != "a.plain has no resource model\ntwice" {
		t.Errorf("got %v", err)
	}
	if len(b.Memories) != 1 || strings.Contains(b.Memories[0].Name, ".") {
		t.Errorf("memories %+v", b.Memories)
	}
}
