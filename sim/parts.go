package sim

import (
	"iter"

	"github.com/convsim/convsim/internal/conv"
)

// part is a piece of a batch's output that lies in one stretch: whole images,
// or some channels of one group of one image.
type part struct {
	image, channel int        // the first ones
	shape          conv.Shape // of the convolution that makes the part alone
}

// partWork is how much of the reference is computed at a time: little enough to
// stop in good time and to hold in memory.
const partWork = 1 << 27

// outputWork is what an output costs at least, in multiply-accumulates.
const outputWork = 64

// work is the cost of one output.
func work(s conv.Shape) int64 { return max(int64(s.Taps()), outputWork) }

// parts cuts a batch into parts of at most budget work, or single planes.
func parts(s conv.Shape, budget int64) iter.Seq[part] {
	return func(yield func(part) bool) {
		perImage := s.OutputElements() / int64(s.Batch) * work(s)
		if perImage > budget {
			channels(s, budget, yield)
			return
		}
		at := int(min(budget/perImage, int64(s.Batch)))
		for image := 0; image < s.Batch; image += at {
			shape := s
			shape.Batch = min(at, s.Batch-image)
			if !yield(part{image, 0, shape}) {
				return
			}
		}
	}
}

// channels cuts every image into parts of some channels of one group.
func channels(s conv.Shape, budget int64, yield func(part) bool) {
	plane := int64(s.OutHeight) * int64(s.OutWidth) * work(s)
	outputs := s.GroupOutChannels()
	at := int(max(1, min(budget/plane, int64(outputs))))
	for image := range s.Batch {
		for channel := 0; channel < s.OutChannels; {
			shape := s
			shape.Batch, shape.Groups, shape.InChannels = 1, 1, s.GroupInChannels()
			shape.OutChannels = min(at, outputs-channel%outputs)
			if !yield(part{image, channel, shape}) {
				return
			}
			channel += shape.OutChannels
		}
	}
}

// places returns where a part's first elements are in the operands and in the
// output of a layer of shape s.
func (p part) places(s conv.Shape) (x, w, b, y int) {
	group := p.channel / s.GroupOutChannels()
	pixels := s.InHeight * s.InWidth
	x = (p.image*s.InChannels + group*s.GroupInChannels()) * pixels
	y = (p.image*s.OutChannels + p.channel) * s.OutHeight * s.OutWidth
	return x, p.channel * s.Taps(), p.channel, y
}

// shown calls see with every stretch of the output that shows the part: frames
// take the images in turn, so the last turn may be cut short.
func (p part) shown(s conv.Shape, frames int, see func(at, length int)) {
	perImage := s.OutChannels * s.OutHeight * s.OutWidth
	_, _, _, at := p.places(s)
	for frame := p.image; frame < frames; frame += s.Batch {
		whole := int(p.shape.OutputElements())
		see(at, min(whole, (frames-frame)*perImage))
		at += s.Batch * perImage
	}
}
