package main

import (
	"bytes"
	"os"
	"testing"
)

// TestSameBytesOnAnyNumberOfProcessors runs the same design in processes of
// their own on 1, 2 and 8 processors.
func TestSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	t.Parallel()
	configs := "../../configs/"
	for _, c := range []struct {
		hardware, layer string
		code            int
	}{
		{"edge-8x8", "digits/digits_conv2", 0},
		{"grouped-4x4x4", "resnext50_grouped", 0},
		{"narrow-accumulator-8x8", "reflect", 1}, // it overflows
		{"parallel-4x16", "float32", 0},
		{"bursty-8x8", "quantised_onnx", 0},
	} {
		t.Run(c.hardware+"/"+c.layer, func(t *testing.T) {
			t.Parallel()
			var first []byte
			for _, n := range []string{"1", "2", "8"} {
				cmd := convsim("run", "--hw", configs+"hardware/"+c.hardware+".yaml", "--layer", configs+"layers/"+c.layer+".yaml", "--json")
				cmd.Env = append(os.Environ(), "GOMAXPROCS="+n)
				out, err := cmd.Output()
				if cmd.ProcessState.ExitCode() != c.code {
					t.Fatalf("GOMAXPROCS=%s: %v, want exit code %d", n, err, c.code)
				}
				if first == nil {
					first = out
				}
				if !bytes.Equal(out, first) {
					t.Errorf("GOMAXPROCS=%s gives other bytes than 1:\n%s\n%s", n, out, first)
				}
			}
		})
	}
}
