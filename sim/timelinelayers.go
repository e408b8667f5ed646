package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// layers writes the timeline of a run layer by layer: a line for each part of the one
// machine, whichever layer it works for, and a line a layer in its turn.
func (t *text) layers(l *Timeline) {
	if len(l.Starts) == 0 {
		return
	}
	machine, turns := l.machine(), l.turns()
	width := 0
	for _, s := range slices.Concat(machine, turns) {
		width = max(width, min(mostName, utf8.RuneCountInString(s.Name)))
	}
	t.head(l)
	for _, s := range machine {
		t.printf("  %-*s  %s\n", width, shortened(s.Name), t.sparkline(s))
	}
	t.printf("  not busy at all: ░ starved  ▒ blocked  · other\n\n  layers, as high as the busiest stage of each is busy in its turn\n")
	for _, s := range turns {
		line := t.sparkline(s)
		t.printf("  %-*s  %s\n", width, shortened(s.Name), strings.TrimRight(line, " "))
	}
	t.printf("\n")
}

// part is what a stage is called in the machine, whatever it works on: the second of a
// kind in a layer has a number.
func (s TimelineStage) part(seen map[string]int) string {
	name := strings.TrimPrefix(s.Name, s.Layer+".")
	if !strings.HasPrefix(name, "load.") {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	key := s.Layer + "\x00" + name
	if seen[key]++; seen[key] > 1 {
		return fmt.Sprintf("%s %d", name, seen[key])
	}
	return name
}

// machine is what the parts of the machine do, whichever layer they work for.
func (l *Timeline) machine() (list []TimelineStage) {
	at, seen := map[string]int{}, map[string]int{}
	for _, s := range l.Stages {
		name := s.part(seen)
		i, there := at[name]
		if !there {
			i = len(list)
			at[name] = i
			idle := make([]int64, len(l.Starts))
			for c := range idle {
				idle[c] = l.column(c)
			}
			list = append(list, TimelineStage{Name: name, Busy: make([]int64, len(idle)), Starved: make([]int64, len(idle)),
				Blocked: make([]int64, len(idle)), Other: idle})
		}
		for c := range l.Starts {
			list[i].Busy[c] += s.Busy[c]
			list[i].Starved[c] += s.Starved[c]
			list[i].Blocked[c] += s.Blocked[c]
			list[i].Other[c] -= s.Busy[c] + s.Starved[c] + s.Blocked[c]
		}
	}
	return list
}

// column is how many cycles a column has.
func (l *Timeline) column(c int) int64 {
	if c+1 < len(l.Starts) {
		return l.Starts[c+1] - l.Starts[c]
	}
	return l.Until - l.Starts[c]
}

// turns is what the busiest stage of each layer does, in its turn.
func (l *Timeline) turns() (list []TimelineStage) {
	busy := func(s TimelineStage) (n int64) {
		for _, c := range s.Busy {
			n += c
		}
		return n
	}
	for _, s := range l.Stages {
		i := slices.IndexFunc(list, func(t TimelineStage) bool { return t.Layer == s.Layer })
		switch {
		case i < 0:
			list = append(list, s)
		case busy(s) > busy(list[i]):
			list[i] = s
		}
	}
	for i := range list {
		list[i].Name = cmp.Or(list[i].Layer, list[i].Name)
	}
	return list
}
