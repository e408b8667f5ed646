package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/wholefile"
	"github.com/convsim/convsim/tensor"
)

// dump writes tensors as .npy files named after them, into a folder that is made
// if it is not there; none of them, if one would replace a file that was read.
func dump(folder string, tensors map[string]*tensor.Tensor, read []string) error {
	names := slices.Sorted(maps.Keys(tensors))
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return fmt.Errorf("--dump: %w", err)
	}
	files := dumpFiles(folder, names)
	for _, file := range files {
		if err := (destination{flag: "--dump", path: file}).check(read); err != nil {
			return err
		}
	}
	for i, name := range names {
		if err := tensor.WriteNPY(files[i], tensors[name]); err != nil {
			return fmt.Errorf("--dump: %w", err)
		}
	}
	return nil
}

// checkFolder says early why no file could be written into a folder, which may not be
// there yet.
func checkFolder(flag, folder string) error {
	if err := wholefile.CheckIn(folder); err != nil {
		return fmt.Errorf("%s %s: cannot write there: %w; allowed: a folder, which is made if it is not there", flag, folder, paths.Reason(err))
	}
	return nil
}

// longestFile is how many bytes of a tensor's name its file has: file systems take 255.
const longestFile = 200

// dumpFiles are the files of tensors: what no file is called by is replaced, and none differ in case alone.
func dumpFiles(folder string, names []string) []string {
	var files []string
	used := map[string]bool{}
	for _, name := range names {
		file := strings.Map(func(r rune) rune {
			if strings.ContainsRune(`/\:*?"<>|`, r) || !unicode.IsGraphic(r) {
				return '_'
			}
			return r
		}, name)
		file = strings.ToValidUTF8(file[:min(len(file), longestFile)], "")
		for used[strings.ToLower(file)] {
			file += "_"
		}
		used[strings.ToLower(file)] = true
		files = append(files, filepath.Join(folder, file+".npy"))
	}
	return files
}
