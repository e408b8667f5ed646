package linebuffer

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Module is the padding stage.
func (p Pad) Module(hdl.Constants) (hdl.Module, error) {
	r, f := p.raster(), p.Fold
	m := hdl.Module{Name: "convsim_pad", In: f.InputChannels(), Out: f.InputChannels()}
	m.Int("WIDTH", f.Image(p.Elem).Bits())
	m.Lanes("ZERO", f.InLanes(), p.Elem, p.zero())
	for _, v := range []struct {
		name  string
		value int64
	}{{"ROWS", r.rows}, {"ROW", r.row}, {"TOP", r.top}, {"HEIGHT", r.bottom - r.top}, {"LEFT", r.left}, {"SPAN", r.right - r.left}} {
		m.Int(v.name, int(v.value))
	}
	return m, sizes(r.frame())
}

// zero is what stands for 0, or below every number.
func (p Pad) zero() float64 {
	switch {
	case p.Least && p.Elem == tensor.Float32:
		return math.Inf(-1)
	case p.Least:
		lo, _ := p.Elem.Range()
		return float64(lo)
	}
	return float64(p.Zero)
}

// mostCounted is how many beats of a frame a module's parameters can count.
const mostCounted = 1 << 28

// sizes refuses frames that are too large to count.
func sizes(beats ...int64) error {
	for _, n := range beats {
		if n > mostCounted {
			return fmt.Errorf("frames or buffers of %d beats; allowed: %d", n, mostCounted)
		}
	}
	return nil
}

// inBlock reports whether a memory is made of block RAM, by what it is counted as.
func inBlock(depth int64, width int) bool {
	return resources.Buffer{Depth: int(depth), WidthBits: width, Kind: resources.RAM}.Cost().BRAM18 > 0
}

// Module is the padding stage and its buffer.
func (p AddressedPad) Module(hdl.Constants) (hdl.Module, error) {
	f, reads, depth := p.Fold, p.Fold.PadReads(), p.Depth()
	m := hdl.Module{Name: "convsim_pad_addressed", In: f.InputChannels(), Out: f.InputChannels()}
	if err := sizes(reads.FrameBeats(), depth, reads.Steps()); err != nil {
		return m, err
	}
	width, bw := f.Image(p.Elem).Bits(), bits.Len64(uint64(2*reads.FrameBeats()+2*depth))
	m.Int("WIDTH", width)
	m.Int("BEATS", int(reads.FrameBeats()))
	m.Int("ROWS", len(reads.Row))
	m.Int("COLS", len(reads.Col))
	m.Int("FOLDS", int(f.PixelBeats()))
	m.Int("DEPTH", int(depth))
	m.Flag("OVERLAP", p.Overlap)
	m.Flag("BLOCK", inBlock(depth, width))
	m.Int("BW", bw)
	m.Load("ROW_FILE", "rows", shown(reads.Row, depth, bw))
	m.Load("COL_FILE", "cols", shown(reads.Col, depth, bw))
	return m, nil
}

// shown makes the words of rows or columns: the first beat, its place in the
// buffer, the least first beat of all later ones, and whether there are any.
func shown(at []int64, depth int64, width int) []string {
	words := make([]string, len(at))
	least, any := int64(0), int64(0)
	for i := len(at) - 1; i >= 0; i-- {
		w := hdl.NewWord(3*width + 1)
		w.Put(at[i], width)
		w.Put(at[i]%depth, width)
		w.Put(least, width)
		w.Put(any, 1)
		words[i] = w.Hex()
		if any == 0 || at[i] < least {
			least = at[i]
		}
		any = 1
	}
	return words
}

// geometryParameters adds what both windows slide over.
func geometryParameters(m *hdl.Module, f sched.Fold) {
	s := f.Shape
	for _, v := range []struct {
		name  string
		value int
	}{{"H", s.PaddedHeight()}, {"W", s.PaddedWidth()}, {"KH", s.Kernel.H}, {"KW", s.Kernel.W}, {"SH", s.Stride.H}, {"SW", s.Stride.W},
		{"DH", s.Dilation.H}, {"DW", s.Dilation.W}} {
		m.Int(v.name, v.value)
	}
}
