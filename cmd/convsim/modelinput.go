package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/imagefile"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/tensor"
)

// imageFlags say how an image becomes a tensor.
type imageFlags struct {
	mean, std []float64
	white     float64
	layout    string
}

// imageNames are what the flags are called.
var imageNames = []string{"image-mean", "image-std", "image-white", "image-layout"}

func (f *imageFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.Float64SliceVar(&f.mean, "image-mean", nil, "mean of an image's channels, as in PyTorch's Normalize (default 0)")
	fl.Float64SliceVar(&f.std, "image-std", nil, "standard deviation of an image's channels (default 1)")
	noDefault(cmd, "image-mean", "image-std")
	fl.Float64Var(&f.white, "image-white", 1, "white of an image before mean and deviation: 1 or 255")
	fl.StringVar(&f.layout, "image-layout", "", "axes of an image: nchw or nhwc (default: as the model's input)")
}

// check finds mistakes that need no image.
func (f *imageFlags) check() error {
	var errs []error
	if f.white != 1 && f.white != 255 {
		errs = append(errs, fmt.Errorf("--image-white %v; allowed: 1, 255", f.white))
	}
	if !slices.Contains([]string{"", "nchw", "nhwc"}, f.layout) {
		errs = append(errs, fmt.Errorf("--image-layout %s; allowed: nchw, nhwc", f.layout))
	}
	return errors.Join(errs...)
}

// isImage tells by its name whether a file is an image.
func isImage(path string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(path)))
}

// readInputs reads the files of --input: NAME=FILE, or without NAME for a model of
// one input. Several images are a batch.
func readInputs(m *onnx.Model, files []string, images imageFlags) (map[string]*tensor.Tensor, error) {
	out, pictures := map[string]*tensor.Tensor{}, map[string][]string{}
	var errs []error
	if len(files) > 0 {
		errs = append(errs, images.check())
	}
	add := func(file, name string, t *tensor.Tensor) {
		if out[name] != nil || pictures[name] != nil {
			errs = append(errs, fmt.Errorf("--input %s: input %q is given already", file, name))
		}
		out[name] = t
	}
	for _, text := range files {
		name, file, err := splitInput(m, text)
		switch {
		case err != nil:
		case isImage(file):
			pictures[name] = append(pictures[name], file)
		case strings.EqualFold(filepath.Ext(file), ".npz"):
			err = readArchive(m, name, file, add)
		default:
			var t *tensor.Tensor
			if t, err = tensor.ReadNPY(file); err == nil {
				add(file, name, t)
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--input: %w", err))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pictures)) {
		files := pictures[name]
		delete(pictures, name)
		if t, err := images.read(m, name, files); err != nil {
			errs = append(errs, fmt.Errorf("--input: %w", err))
		} else {
			add(files[0], name, t)
		}
	}
	return out, errors.Join(errs...)
}

// splitInput finds the input that a file is for.
func splitInput(m *onnx.Model, text string) (name, file string, err error) {
	free := m.FreeInputs()
	for _, name := range free {
		if file, ok := strings.CutPrefix(text, name+"="); ok {
			return name, file, nil
		}
	}
	if at := strings.LastIndex(text, "="); at >= 0 && !paths.Exist(text) && paths.Exist(text[at+1:]) {
		return "", "", fmt.Errorf("%s: there is no input %q; allowed: NAME=FILE with NAME one of %s", text, text[:at], strings.Join(free, ", "))
	}
	if len(free) == 1 || strings.EqualFold(filepath.Ext(text), ".npz") {
		return append(free, "")[0], text, nil
	}
	return "", "", fmt.Errorf("%s is for none of %d inputs; allowed: NAME=FILE with NAME one of %s", text, len(free), strings.Join(free, ", "))
}

// readArchive reads a .npz file: a tensor for each input by its name, or a single
// one for an input.
func readArchive(m *onnx.Model, name, file string, add func(file, name string, t *tensor.Tensor)) error {
	tensors, err := tensor.ReadNPZ(file)
	if err != nil {
		return err
	}
	free := m.FreeInputs()
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(tensors)) {
		switch {
		case slices.Contains(free, key):
			add(file, key, tensors[key])
		case len(tensors) == 1 && len(free) == 1:
			add(file, name, tensors[key])
		default:
			errs = append(errs, fmt.Errorf("%s holds %q; allowed: the inputs of the model, %s", file, key, strings.Join(free, ", ")))
		}
	}
	return errors.Join(errs...)
}

// read makes a batch of images for an input.
func (f *imageFlags) read(m *onnx.Model, name string, files []string) (*tensor.Tensor, error) {
	i := slices.IndexFunc(m.Graph.Inputs, func(v onnx.ValueInfo) bool { return v.Name == name })
	in := m.Graph.Inputs[i]
	dtype, err := in.Type.DType()
	if err != nil {
		return nil, err
	}
	o := imagefile.Options{DType: dtype, White: f.white, Mean: f.mean, Std: f.std}
	axis, ok := f.channels(in)
	if !ok {
		return nil, fmt.Errorf("input %q is %v: no axis of 1 or 3 channels for an image; --image-layout says which it is", name, in.Dims)
	}
	o.ChannelsLast, o.Channels = axis == 3, int(in.Dims[axis].Value)
	return imagefile.Read(files, o)
}

// channels returns the axis of the channels.
func (f *imageFlags) channels(in onnx.ValueInfo) (int, bool) {
	for axis, layout := range map[int]string{1: "nchw", 3: "nhwc"} {
		other := 4 - axis
		if len(in.Dims) != 4 || f.layout != "" && f.layout != layout {
			continue
		}
		colours := func(axis int) bool { return in.Dims[axis].Value == 1 || in.Dims[axis].Value == 3 }
		if colours(axis) && (f.layout != "" || !colours(other)) {
			return axis, true
		}
	}
	return 0, false
}
