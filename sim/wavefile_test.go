package sim

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestVCD: read back, the states of a stage sum to the report, valid and ready are both
// high when the trace has a handshake, and fills are those of the report.
func TestVCD(t *testing.T) {
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.LoadLayer("digits_conv2")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Run(context.Background(), nil, 7, Options{Tapes: &clock.Tapes{To: clock.Never}})
	if err != nil {
		t.Fatal(err)
	}
	every, err := d.Run(context.Background(), nil, 7, Options{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteVCD(&b, d.Plan, out.Time, 0, clock.Never); err != nil {
		t.Fatal(err)
	}
	read := readVCD(t, b.String(), int(out.Report.Cycles))
	for _, s := range out.Report.Stages {
		got := map[string]int64{}
		for _, v := range read[s.Name+".state"] {
			got[v]++
		}
		if got["busy"] != s.Busy || got["starved"] != s.Starved || got["blocked"] != s.Blocked ||
			got["throttled"]+got["turnaround"]+got["finished"] != s.Other {
			t.Errorf("%s: %v, the report says %+v", s.Name, got, s)
		}
	}
	for i, f := range out.Report.FIFOs {
		name := strings.ReplaceAll(f.Name, ".", "_")
		full := int64(0)
		for _, v := range read[name+".fill"] {
			if v == fmt.Sprintf("%b", f.Depth) {
				full++
			}
		}
		if full != f.FullCycles {
			t.Errorf("%s is full in %d cycles, the report says %d", f.Name, full, f.FullCycles)
		}
		for end, want := range map[string]*clock.Trace{"in": every.Records[i].In, "out": every.Records[i].Out} {
			handshakes(t, name+"."+end, read, want)
		}
	}
}

// handshakes holds the handshakes of an end to those of the trace.
func handshakes(t *testing.T, end string, read map[string][]string, want *clock.Trace) {
	t.Helper()
	n := int64(0)
	for at, v := range read[end+"_valid"] {
		if v == "1" && read[end+"_ready"][at] == "1" {
			if want.Nth(n) != clock.Cycle(at) {
				t.Fatalf("%s: handshake %d in cycle %d, the trace has %d", end, n, at, want.Nth(n))
			}
			n++
		}
	}
	if n == 0 || n != want.Len() {
		t.Errorf("%s: %d handshakes, the trace has %d", end, n, want.Len())
	}
}

// readVCD reads the value of every signal in every cycle, by scope and name.
func readVCD(t *testing.T, text string, cycles int) map[string][]string {
	t.Helper()
	head, body, ok := strings.Cut(text, "$enddefinitions $end\n")
	if !ok {
		t.Fatal("no end of definitions")
	}
	names, scope := map[string]string{}, []string{}
	for line := range strings.Lines(head) {
		switch f := strings.Fields(line); f[0] {
		case "$scope":
			scope = append(scope, f[2])
		case "$upscope":
			scope = scope[:len(scope)-1]
		case "$var":
			names[f[3]] = strings.Join(append(slices.Clone(scope[1:]), f[4]), ".")
		}
	}
	read, at := map[string][]string{}, 0
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if _, err := fmt.Sscanf(line, "#%d", &at); err == nil {
			continue
		}
		value, id, ok := strings.Cut(line[1:], " ")
		if !ok {
			value, id = line[:1], line[1:]
		}
		list := read[names[id]]
		for len(list) < at {
			list = append(list, list[len(list)-1])
		}
		read[names[id]] = append(list, value)
	}
	for name, list := range read {
		for len(list) < cycles {
			list = append(list, list[len(list)-1])
		}
		read[name] = list
	}
	return read
}
