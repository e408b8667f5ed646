package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestSynthWithoutYosys: a machine without Yosys is told what to install, and nothing
// is written.
func TestSynthWithoutYosys(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var out, talk bytes.Buffer
	args := []string{"rtl", "--hw", "minimal-1x1", "--layer", "digits_conv1", "--synth"}
	code := Main(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &talk})
	if code != exitUsage || out.Len() > 0 || !strings.Contains(talk.String(), "apt-get install --no-install-recommends yosys") {
		t.Errorf("code %d, stdout %q, stderr %q", code, out.String(), talk.String())
	}
}
