package imagefile_test

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/imagefile"
	"github.com/convsim/convsim/tensor"
)

// picture writes two pixels: orange, and a transparent blue.
func picture(t *testing.T, name string, width int) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, width, 1))
	m.Set(0, 0, color.NRGBA{255, 102, 51, 255})
	m.Set(1, 0, color.NRGBA{0, 0, 204, 128})
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if strings.HasSuffix(name, ".jpg") {
		err = jpeg.Encode(f, m, &jpeg.Options{Quality: 100})
	} else {
		err = png.Encode(f, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	p := picture(t, "a.png", 2)
	for name, c := range map[string]struct {
		paths   []string
		options imagefile.Options
		want    string
	}{
		"bytes":         {[]string{p}, imagefile.Options{DType: tensor.UInt8, Channels: 3}, "[1 3 1 2] [255 0 102 0 51 204]"},
		"channels last": {[]string{p}, imagefile.Options{DType: tensor.UInt8, Channels: 3, ChannelsLast: true}, "[1 1 2 3] [255 102 51 0 0 204]"},
		"grey":          {[]string{p}, imagefile.Options{DType: tensor.UInt8, Channels: 1}, "[1 1 1 2] [142 23]"},
		"to 1":          {[]string{p}, imagefile.Options{DType: tensor.Float32, Channels: 3, White: 1}, "[1 3 1 2] [1 0 0.4 0 0.2 0.8]"},
		"to 255":        {[]string{p}, imagefile.Options{DType: tensor.Float32, Channels: 1, White: 255}, "[1 1 1 2] [142 23]"},
		"batch":         {[]string{p, p}, imagefile.Options{DType: tensor.UInt8, Channels: 1}, "[2 1 1 2] [142 23 142 23]"},
		"normalised": {[]string{p}, imagefile.Options{DType: tensor.Float32, Channels: 3, White: 1, Mean: []float64{0.5}, Std: []float64{0.5, 1, 0.25}},
			"[1 3 1 2] [1 -1 -0.099999994 -0.5 -1.2 1.2]"},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := imagefile.Read(c.paths, c.options)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(x.Shape(), x.Data); got != c.want {
				t.Errorf("got %s; want: %s", got, c.want)
			}
		})
	}
}

// A JPEG of quality 100 is off by little.
func TestReadJPEG(t *testing.T) {
	x, err := imagefile.Read([]string{picture(t, "a.jpg", 2)}, imagefile.Options{DType: tensor.UInt8, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if d := x.Int(0) - 142; d < -3 || d > 3 {
		t.Errorf("got %v; want about 142", x.Int(0))
	}
}

func TestReadRefuses(t *testing.T) {
	text := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(text, []byte("hello"), 0o666); err != nil {
		t.Fatal(err)
	}
	p, wide := picture(t, "a.png", 2), picture(t, "b.png", 3)
	good := imagefile.Options{DType: tensor.UInt8, Channels: 3}
	bad := imagefile.Options{DType: tensor.Int8, Channels: 4, Mean: []float64{1, 2}, Std: []float64{0}}
	for name, c := range map[string]struct {
		paths   []string
		options imagefile.Options
		want    []string
	}{
		"text":    {[]string{text}, good, []string{"unknown format; supported: PNG, JPEG"}},
		"missing": {[]string{"no.png"}, good, []string{"no.png"}},
		"sizes":   {[]string{p, wide}, good, []string{"is (3,1)", "is (2,1); expected in a batch: one size"}},
		"none":    {nil, good, []string{"a batch of no images"}},
		"options": {[]string{p}, bad, []string{"an image as int8", "4 channels; supported: 1, 3", "2 means; allowed: 1 or 4", "deviations [0]; allowed: above 0"}},
		"bytes":   {[]string{p}, imagefile.Options{DType: tensor.UInt8, Channels: 1, Mean: []float64{0}}, []string{"bytes stay as they are"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := imagefile.Read(c.paths, c.options)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v; want: %s", err, want)
				}
			}
		})
	}
}
