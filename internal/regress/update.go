package regress

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/wholefile"
)

// write records what was measured, if it differs from what the file holds.
// Comments stay; a layer that did not run well keeps its line.
func (e *expectation) write() error {
	text, err := e.updated()
	if err != nil {
		return fmt.Errorf("%s: %w", e.path, err)
	}
	if e.inFile && text == nil {
		return nil
	}
	if text == nil {
		text = e.text
	}
	if err := os.MkdirAll(filepath.Dir(e.path), 0o777); err != nil {
		return err
	}
	return wholefile.WriteBytes(e.path, text)
}

// updated returns the new text, nil if nothing is to be recorded.
func (e *expectation) updated() ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(e.text, &doc); err != nil {
		return nil, err
	}
	changed := false
	for i, n := range node(doc.Content[0], "runs").Content {
		if lines, ok := e.runs[i].lines(node(n, "layers")); ok {
			setNode(n, "layers", lines)
			changed = true
		}
	}
	if !changed {
		return nil, nil
	}
	return encode(&doc)
}

// lines returns the lines of a run in the order of its layers, given those of
// the file, and whether anything is new.
func (r *workloadRun) lines(old *yaml.Node) (list *yaml.Node, changed bool) {
	list = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if old != nil {
		list.HeadComment, list.LineComment, list.FootComment = old.HeadComment, old.LineComment, old.FootComment
	}
	var kept []int
	for i, name := range r.names() {
		at := slices.IndexFunc(r.file.Layers, func(l layerFile) bool { return l.Name == name })
		got := r.measured[i]
		switch {
		case at < 0 && got == nil:
			continue
		case at < 0:
			list.Content = append(list.Content, got.node())
			changed = true
			continue
		}
		kept = append(kept, at)
		line := old.Content[at]
		if got != nil && !r.file.Layers[at].equal(got) {
			fresh := got.node()
			fresh.HeadComment, fresh.LineComment, fresh.FootComment = line.HeadComment, line.LineComment, line.FootComment
			line, changed = fresh, true
		}
		list.Content = append(list.Content, line)
	}
	inOrder := slices.IsSorted(kept) && len(kept) == len(r.file.Layers)
	return list, changed || !inOrder
}

// node is the line as YAML: one flow mapping.
func (l *layerFile) node() *yaml.Node {
	n := flowMapping()
	setNode(n, "name", scalar("!!str", l.Name))
	for _, c := range []struct {
		key   string
		value *int64
	}{{"cycles", l.Cycles}, {"first_output_cycle", l.FirstOutputCycle}} {
		if c.value != nil {
			setNode(n, c.key, integer(*c.value))
		}
	}
	if l.SteadyInterval != nil {
		setNode(n, "steady_interval", number(*l.SteadyInterval))
	}
	if l.Stages != nil {
		setNode(n, "stages", l.Stages.node())
	}
	if l.Resources != nil {
		setNode(n, "resources", numbersNode(l.Resources))
	}
	if l.Port != nil {
		setNode(n, "dram", numbersNode(l.Port))
	}
	if l.OutputSHA256 != "" {
		setNode(n, "output_sha256", scalar("!!str", l.OutputSHA256))
	}
	if l.Verified != nil {
		setNode(n, "verified", scalar("!!bool", strconv.FormatBool(*l.Verified)))
	}
	if l.Overflow != nil {
		setNode(n, "overflow", numbersNode(l.Overflow))
	}
	return n
}

func (s stages) node() *yaml.Node {
	n := flowMapping()
	for _, one := range s {
		c := one.counts
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
		for _, v := range []int64{c.busy, c.starved, c.blocked, c.other} {
			list.Content = append(list.Content, integer(v))
		}
		setNode(n, one.name, list)
	}
	return n
}

// numbersNode is a struct of whole numbers.
func numbersNode(of any) *yaml.Node {
	n := flowMapping()
	for f := range fields(of) {
		if !f.leftOut {
			setNode(n, f.key, integer(f.value))
		}
	}
	return n
}

func flowMapping() *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

func integer(v int64) *yaml.Node { return scalar("!!int", strconv.FormatInt(v, 10)) }

// number is a number with as many digits as tell it apart, none behind the point
// if it is whole.
func number(v float64) *yaml.Node {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return integer(int64(v))
	}
	return scalar("!!float", strconv.FormatFloat(v, 'g', -1, 64))
}

// setNode sets an entry of a mapping.
func setNode(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	n.Content = append(n.Content, scalar("!!str", key), value)
}

func encode(doc *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}
