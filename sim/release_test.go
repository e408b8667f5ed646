package sim

import "testing"

// TestReleasedMemoryIsUsedAgain: runs in memory that others left come to what they come to in
// their own.
func TestReleasedMemoryIsUsedAgain(t *testing.T) {
	for _, c := range big {
		hw, layer := parse(t, c.hardware, c.layer)
		d, data := mustLoad(t, hw, layer, layer.Batch)
		run := func() *Outcome {
			out, err := d.Run(t.Context(), data, 2, Options{})
			if err != nil {
				t.Fatal(c.name, err)
			}
			return out
		}
		kept := run()
		for range 3 {
			out := run()
			if !out.Output.Equal(kept.Output) || out.Report.OutputSHA256 != kept.Report.OutputSHA256 {
				t.Errorf("%s: the output is another one", c.name)
			}
			out.Release()
			if out.Release(); out.Output != nil {
				t.Errorf("%s: an output that was given away", c.name)
			}
		}
		if sha(kept.Output) != kept.Report.OutputSHA256 {
			t.Errorf("%s: an output that was kept has changed", c.name)
		}
	}
}
