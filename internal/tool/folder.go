package tool

import (
	"fmt"
	"os"

	"github.com/convsim/convsim/internal/paths"
)

// Folder makes a folder for what programs read and write while they work; whoever asks
// for it removes it.
func Folder(of string) (string, error) {
	dir, err := os.MkdirTemp("", "convsim-"+of+"-")
	if err != nil {
		return "", fmt.Errorf("TMPDIR %s: no folder can be made there: %w; allowed: a folder for temporary files", os.TempDir(), paths.Reason(err))
	}
	return dir, nil
}
