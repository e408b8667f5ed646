package sim

import (
	"cmp"
	"context"
	"encoding/json"
	"runtime"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestBesideIsTheSameForAnyProcessors also where the outputs are no convolution's.
func TestBesideIsTheSameForAnyProcessors(t *testing.T) {
	for _, c := range big {
		hw, layer := parse(t, c.hardware, c.layer)
		d, data := mustLoad(t, hw, layer, layer.Batch)
		one := ""
		for _, processors := range []int{1, 2, 3, 8} {
			before := runtime.GOMAXPROCS(processors)
			out, err := d.Run(context.Background(), data, 3, Options{})
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(c.name, err)
			}
			report, err := json.MarshalIndent(out.Report, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			one = cmp.Or(one, string(report))
			if diff := gocmp.Diff(one, string(report)); diff != "" {
				t.Errorf("%s, one and %d processors:\n%s", c.name, processors, diff)
			}
		}
	}
}
