package synth

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/resources"
)

// netlist is what Yosys writes with its command json, as far as it is needed.
type netlist struct {
	Modules map[string]module `json:"modules"`
	sums    map[string]resources.Amount
}

type module struct {
	Cells map[string]struct {
		Type string `json:"type"`
	} `json:"cells"`
}

// readNetlist reads a netlist and adds up what its modules take.
func readNetlist(r io.Reader) (*netlist, error) {
	n := &netlist{sums: map[string]resources.Amount{}}
	if err := json.NewDecoder(r).Decode(n); err != nil {
		return nil, fmt.Errorf("the netlist: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(n.Modules)) {
		if err := n.add(name, nil); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// add adds up a module. Those around it, the outermost first, cannot be within it.
func (n *netlist) add(name string, around []string) error {
	if _, done := n.sums[name]; done {
		return nil
	}
	if slices.Contains(around, name) {
		return fmt.Errorf("the netlist: module %s is within itself", name)
	}
	var sum resources.Amount
	m := n.Modules[name]
	for _, cell := range slices.Sorted(maps.Keys(m.Cells)) {
		kind := m.Cells[cell].Type
		a, known := cost(kind)
		if _, inner := n.Modules[kind]; inner && !known {
			if err := n.add(kind, append(around, name)); err != nil {
				return err
			}
			a, known = n.sums[kind], true
		}
		if !known {
			return fmt.Errorf("the netlist: cell %s of module %s is a %s, of which no cost is known", cell, name, kind)
		}
		sum = sum.Plus(a)
	}
	n.sums[name] = sum
	return nil
}

// at is what the instance at a path below a module takes.
func (n *netlist) at(top, path string) (resources.Amount, error) {
	kind := top
	for step := range strings.SplitSeq(path, ".") {
		cell, ok := n.Modules[kind].Cells[step]
		if !ok {
			return resources.Amount{}, fmt.Errorf("the netlist: no instance %s of %s", step, path)
		}
		kind = cell.Type
	}
	if _, ok := n.Modules[kind]; !ok {
		return resources.Amount{}, fmt.Errorf("the netlist: no module %s for %s", kind, path)
	}
	return n.sums[kind], nil
}
