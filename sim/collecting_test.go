package sim

import (
	"cmp"
	"context"
	"encoding/json"
	"runtime"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/tensor"
)

// TestBesideFindsWhatIsFoundAfterwards in outputs that come row by row.
func TestBesideFindsWhatIsFoundAfterwards(t *testing.T) {
	const frames = 3
	for _, c := range big {
		t.Run(c.name, func(t *testing.T) {
			hw, layer := parse(t, c.hardware, c.layer)
			d, data := mustLoad(t, hw, layer, layer.Batch)
			out, err := d.Run(context.Background(), data, frames, Options{NoVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			s := d.batch(data, frames)
			for _, i := range []int{5, 77, out.Output.Len() / 2} {
				alter(out, i)
			}
			after, ok := d.compareSecond(context.Background(), s, data, frames, collected{out.Output})
			if !ok {
				t.Skip("this processor has no second implementation")
			}
			beside := newCollecting()
			beside.whole = func() *tensor.Tensor { return out.Output }
			go func() {
				defer beside.stop()
				for row := range frames * s.OutHeight {
					runtime.Gosched()
					beside.progress(row+1, frames*s.OutHeight)
				}
			}()
			found, ok := d.compareSecond(context.Background(), s, data, frames, beside)
			if diff := gocmp.Diff(plainly(after), plainly(found)); !ok || diff != "" {
				t.Errorf("%t (-afterwards +beside):\n%s", ok, diff)
			}
			if found.wrong.count != 3 {
				t.Errorf("%d found, 3 altered", found.wrong.count)
			}
		})
	}
}

// TestBesideARunThatFails does not wait for rows that never come.
func TestBesideARunThatFails(t *testing.T) {
	hw, layer := parse(t, big[0].hardware, big[0].layer)
	d, data := mustLoad(t, hw, layer, layer.Batch)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	c := d.compareBeside(context.Background(), data, 2)
	ended := make(chan struct{})
	go func() {
		c.giveUp()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the comparison waits for ever")
	}
}

// TestBesideIsTheSameForAnyProcessors also where the outputs are no convolution's.
func TestBesideIsTheSameForAnyProcessors(t *testing.T) {
	for _, c := range big {
		hw, layer := parse(t, c.hardware, c.layer)
		d, data := mustLoad(t, hw, layer, layer.Batch)
		one := ""
		for _, processors := range []int{1, 2, 5} {
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
