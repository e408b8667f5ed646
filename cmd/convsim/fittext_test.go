package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
)

// TestWhatFoldsDoNotChangeLimits: arrays are folded until they are as slow as the
// slowest of all others, which is what limits.
func TestWhatFoldsDoNotChangeLimits(t *testing.T) {
	p := &pipeline.Plan{}
	d := &fit.Design{Unsized: p}
	for _, n := range []struct {
		layer    string
		block    pipeline.Block
		interval float64
	}{{"fast", wiring.Batch{}, 9}, {"conv1", pe.Array{}, 64}, {"conv2", pe.Array{}, 64}, {"shuffle", wiring.Batch{}, 64}, {"slow", pe.Array{}, 65}} {
		d.Stages = append(d.Stages, sizing.Stage{Nodes: []int{p.Add(n.layer, n.block)}, Interval: n.interval})
	}
	var got []string
	for _, l := range limiting(d) {
		got = append(got, l.Layer)
	}
	if want := []string{"slow", "shuffle", "conv1", "conv2", "fast"}; !slices.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}

// TestFitSaysWhatLasts: where a run's mean is less than its slowest stage takes alone, that cannot go on.
func TestFitSaysWhatLasts(t *testing.T) {
	for mean, uneven := range map[float64]bool{226_958: true, 235_200: false, 240_000: false} {
		var b strings.Builder
		r := fitReport{Interval: &mean, Proven: true, Limiting: []limitingLayer{{"a", "array", 235_200}, {"b", "window", 9}}}
		r.writeDesign(&b)
		text := strings.Join(strings.Fields(b.String()), " ")
		if strings.Contains(text, "what lasts is 235,200 cycles, or more") != uneven {
			t.Errorf("a mean of %g:\n%s", mean, b.String())
		}
	}
}
