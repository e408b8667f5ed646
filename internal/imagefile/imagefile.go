// Package imagefile makes tensors of PNG and JPEG images, as PyTorch's ToTensor and
// Normalize do: red, green and blue from 0 to 1, less a mean, divided by a standard
// deviation, each operation rounded to float32.
package imagefile

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // registers the format
	_ "image/png"  // registers the format
	"math"
	"os"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// maxPixels is the size of the largest image read.
const maxPixels = 1 << 26

// Options say how pixels become elements.
type Options struct {
	DType        tensor.DType // Float32, or UInt8 for the bytes as they are
	Channels     int          // 1: grey; 3: red, green, blue
	ChannelsLast bool         // [batch, height, width, channels]
	White        float64      // a full channel before mean and deviation: 1, or 255
	Mean, Std    []float64    // of each channel, or one for all; none: 0 and 1
}

// Read makes a batch of images of one size.
func Read(paths []string, o Options) (*tensor.Tensor, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	var batch []image.Image
	for _, path := range paths {
		m, err := open(path)
		if err != nil {
			return nil, err
		}
		if len(batch) > 0 && m.Bounds().Size() != batch[0].Bounds().Size() {
			return nil, fmt.Errorf("%s is %v, %s is %v; expected in a batch: one size",
				path, m.Bounds().Size(), paths[0], batch[0].Bounds().Size())
		}
		batch = append(batch, m)
	}
	if len(batch) == 0 {
		return nil, errors.New("a batch of no images")
	}
	return o.tensor(batch)
}

// check finds all that is wrong with the options.
func (o Options) check() error {
	var errs []error
	if o.DType != tensor.Float32 && o.DType != tensor.UInt8 {
		errs = append(errs, fmt.Errorf("an image as %s; supported: float32, uint8", o.DType))
	}
	if o.Channels != 1 && o.Channels != 3 {
		errs = append(errs, fmt.Errorf("an image of %d channels; supported: 1, 3", o.Channels))
	}
	if o.DType == tensor.UInt8 && len(o.Mean)+len(o.Std) > 0 {
		errs = append(errs, errors.New("mean and deviation of uint8; supported for float32: bytes stay as they are"))
	}
	for _, list := range []struct {
		name   string
		values []float64
	}{{"means", o.Mean}, {"deviations", o.Std}} {
		if n := len(list.values); n > 1 && n != o.Channels {
			allowed := "1"
			if o.Channels > 1 {
				allowed = fmt.Sprintf("1 or %d, as there are channels", o.Channels)
			}
			errs = append(errs, fmt.Errorf("%d %s; allowed: %s", n, list.name, allowed))
		}
		if slices.ContainsFunc(list.values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
			errs = append(errs, fmt.Errorf("%s %v; allowed: finite numbers", list.name, list.values))
		}
	}
	if slices.ContainsFunc(o.Std, func(s float64) bool { return s <= 0 }) {
		errs = append(errs, fmt.Errorf("deviations %v; allowed: above 0", o.Std))
	}
	return errors.Join(errs...)
}

// open decodes an image. Its size is looked at before its pixels.
func open(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; supported: PNG, JPEG", path, err)
	}
	if c.Width*c.Height > maxPixels || c.Width*c.Height == 0 {
		return nil, fmt.Errorf("%s has %d x %d pixels; allowed: 1 to %d in all", path, c.Width, c.Height, maxPixels)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// tensor makes the elements.
func (o Options) tensor(batch []image.Image) (*tensor.Tensor, error) {
	size := batch[0].Bounds().Size()
	shape := []int{len(batch), o.Channels, size.Y, size.X}
	pixel, plane := 1, size.X*size.Y // steps from one to the next
	if o.ChannelsLast {
		shape = []int{len(batch), size.Y, size.X, o.Channels}
		pixel, plane = o.Channels, 1
	}
	out, err := tensor.New(o.DType, shape...)
	if err != nil {
		return nil, err
	}
	for n, m := range batch {
		at := n * o.Channels * size.X * size.Y
		for y := range size.Y {
			for x := range size.X {
				levels := o.levels(m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y))
				for c := range o.Channels {
					o.put(out, at+c*plane, c, levels[c])
				}
				at += pixel
			}
		}
	}
	return out, nil
}

// levels returns the channels of a pixel, without its opacity. Grey is as Pillow
// weighs the colours.
func (o Options) levels(c color.Color) [3]uint8 {
	p, ok := color.NRGBAModel.Convert(c).(color.NRGBA)
	if !ok {
		panic("imagefile: a colour model converts to another one")
	}
	if o.Channels == 3 {
		return [3]uint8{p.R, p.G, p.B}
	}
	return [3]uint8{uint8((19595*uint32(p.R) + 38470*uint32(p.G) + 7471*uint32(p.B) + 1<<15) >> 16)}
}

// put stores a level of channel c.
func (o Options) put(t *tensor.Tensor, at, c int, level uint8) {
	if data, ok := t.Data.([]uint8); ok {
		data[at] = level
		return
	}
	x := float32(level)
	if o.White != 255 {
		x = x / 255 * float32(o.White)
	}
	if len(o.Mean) > 0 {
		x -= float32(o.Mean[c%len(o.Mean)])
	}
	if len(o.Std) > 0 {
		x /= float32(o.Std[c%len(o.Std)])
	}
	t.Data.([]float32)[at] = x
}
