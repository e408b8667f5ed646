package stepsim

import "testing"

func TestGates(t *testing.T) {
	tests := []struct {
		name string
		gate Gate
		want string // per cycle from 0: o open, - shut
	}{
		{"full", Full{}, "oooooooooo"},
		{"every third", Every{N: 3}, "o--o--o--o"},
		{"every third from the second on", Every{N: 3, Phase: 1}, "-o--o--o--"},
		{"burst", Burst{On: 2, Off: 3}, "oo---oo---"},
		{"list", Listed{Cycles: []Cycle{1, 2, 7}}, "-oo----o--"},
		{"periodic list", Listed{Cycles: []Cycle{1, 2}, Period: 4}, "-oo--oo--o"},
		{"empty list", Listed{}, "----------"},
		{"half a beat per cycle", Bytes{PerCycle: 1, PerBeat: 2}, "-o-o-o-o-o"},
		{"3/5 of a beat per cycle", Bytes{PerCycle: 3, PerBeat: 5}, "-o-oo-o-oo"},
		{"more than a beat per cycle", Bytes{PerCycle: 7, PerBeat: 5}, "oooooooooo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := opening(tt.gate, len(tt.want)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func opening(g Gate, cycles int) string {
	run := g.Start()
	s := make([]byte, cycles)
	for t := range s {
		s[t] = '-'
		if run(Cycle(t)) {
			s[t] = 'o'
		}
	}
	return string(s)
}

// A gate is data: each start begins anew.
func TestGateRestarts(t *testing.T) {
	g := Random{Seed: 7}
	if first, second := opening(g, 64), opening(g, 64); first != second {
		t.Errorf("two starts differ: %s, %s", first, second)
	}
}
