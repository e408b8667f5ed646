package onnx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/convsim/convsim/tensor"
)

// loadExternal reads elements from another file.
func (t *Tensor) loadExternal(dtype tensor.DType) (*tensor.Tensor, error) {
	root, at, err := t.findExternal()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(t.External.Location))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return t.fromRaw(dtype, f, at)
}

// checkExternal finds out whether elements in another file are there.
func (t *Tensor) checkExternal() error {
	if t.External == nil {
		return nil
	}
	root, _, err := t.findExternal()
	if err != nil {
		return fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	return root.Close()
}

// findExternal returns the folder of the model, which neither .. nor a link leads
// out of, and where in the other file the elements begin.
func (t *Tensor) findExternal() (root *os.Root, at int64, err error) {
	if t.body.src.folder == "" {
		return nil, 0, errors.New("external data; allowed: in models that are files")
	}
	location := filepath.FromSlash(t.External.Location)
	if !filepath.IsLocal(location) {
		return nil, 0, fmt.Errorf("external data in %q; allowed: a file in the folder of the model or below", t.External.Location)
	}
	if root, err = os.OpenRoot(t.body.src.folder); err != nil {
		return nil, 0, err
	}
	info, err := root.Stat(location)
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = fmt.Errorf("%q: %w", t.External.Location, path.Err)
	}
	switch {
	case err != nil:
		err = fmt.Errorf("external data: %w; allowed: a file in the folder of the model or below", err)
	case !info.Mode().IsRegular():
		err = fmt.Errorf("external data in %q, which is no regular file", t.External.Location)
	default:
		if at, err = t.External.place(t.bytes(), info.Size()); err != nil {
			err = fmt.Errorf("external data in %q: %w", t.External.Location, err)
		}
	}
	if err != nil {
		return nil, 0, errors.Join(err, root.Close())
	}
	return root, at, nil
}

// place returns where in a file of a size the elements begin, which take that
// many bytes.
func (e External) place(bytes, size int64) (int64, error) {
	offset, length := int64(0), bytes
	var errs []error
	for _, part := range []struct {
		name, text string
		value      *int64
	}{{"offset", e.Offset, &offset}, {"length", e.Length, &length}} {
		if part.text == "" {
			continue
		}
		v, err := strconv.ParseInt(part.text, 10, 64)
		if err != nil || v < 0 {
			errs = append(errs, fmt.Errorf("%s %q; allowed: a number of bytes", part.name, part.text))
		}
		*part.value = v
	}
	switch {
	case len(errs) > 0:
	case length != bytes:
		errs = append(errs, fmt.Errorf("length %d; expected for the shape: %d", length, bytes))
	case offset > size || bytes > size-offset:
		errs = append(errs, fmt.Errorf("%d bytes from byte %d on; the file has %d", bytes, offset, size))
	}
	return offset, errors.Join(errs...)
}
