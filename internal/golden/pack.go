package golden

import (
	"archive/zip"
	"io"
	"io/fs"
	"path"
)

// Pack writes a zip with the manifest and the .npy files of a folder. The same
// files give the same bytes: names are sorted, times left out.
func Pack(w io.Writer, folder fs.FS) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, e := range entries {
		if e.Name() != manifestName && path.Ext(e.Name()) != ".npy" {
			continue
		}
		if err := packFile(out, folder, e.Name()); err != nil {
			return err
		}
	}
	return out.Close()
}

func packFile(out *zip.Writer, folder fs.FS, name string) error {
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return err
	}
	f, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}
