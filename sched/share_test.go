package sched

import (
	"reflect"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// TestSharedNestsAreThoseOfTheirGeometry holds nests taken from the store to
// nests made for the fold at hand, from several goroutines at once.
func TestSharedNestsAreThoseOfTheirGeometry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFold(t, conv.Zeros, conv.Reflect)
		var wg sync.WaitGroup
		got := make([]*Reads, 4)
		for i := range got {
			wg.Go(func() { got[i] = f.WindowReads() })
		}
		wg.Wait()
		want := f.windowReads()
		for _, r := range got {
			if !reflect.DeepEqual(want, r) {
				t.Fatalf("%+v: the shared nest differs from one made for it", f)
			}
		}
	})
}
