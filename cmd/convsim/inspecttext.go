package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/internal/textwrap"
)

// inspection is what a model holds, as it is printed.
type inspection struct {
	Model       string           `json:"model"`
	Producer    string           `json:"producer"`
	IRVersion   int64            `json:"ir_version"`
	Opsets      map[string]int64 `json:"opsets"`
	Inputs      []tensorType     `json:"inputs"`
	Outputs     []tensorType     `json:"outputs"`
	Nodes       []inspectedNode  `json:"nodes"`
	MACs        int64            `json:"macs"`
	Parameters  int64            `json:"parameters"`
	Unsupported []string         `json:"unsupported"`
}

type tensorType struct {
	Name  string `json:"name,omitempty"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
}

type inspectedNode struct {
	Name       string       `json:"name"`
	Op         string       `json:"op"`
	Fate       string       `json:"fate"`
	Outputs    []tensorType `json:"outputs"`
	MACs       int64        `json:"macs"`
	Parameters int64        `json:"parameters"`
}

// inspected gathers what is printed of a model.
func inspected(path string, m *onnx.Model, c *onnx.Conversion) *inspection {
	out := &inspection{Model: path, Producer: strings.TrimSpace(m.ProducerName + " " + m.ProducerVersion), IRVersion: m.IRVersion,
		Opsets: map[string]int64{}, Inputs: typesOf(c.Inputs), Outputs: typesOf(c.Outputs), Nodes: []inspectedNode{},
		Unsupported: []string{}}
	for _, o := range m.Opsets {
		out.Opsets[o.Domain] = o.Version
	}
	for _, s := range c.Steps {
		n := inspectedNode{Name: s.Name, Op: s.Kind, Fate: string(s.Fate), Outputs: []tensorType{}, MACs: s.MACs, Parameters: s.Parameters}
		for _, t := range s.Outputs {
			n.Outputs = append(n.Outputs, typeOf("", t))
		}
		out.Nodes = append(out.Nodes, n)
		out.MACs += s.MACs
		out.Parameters += s.Parameters
	}
	for _, p := range c.Problems {
		out.Unsupported = append(out.Unsupported, p.Error())
	}
	return out
}

func typesOf(list []network.Input) []tensorType {
	out := []tensorType{}
	for _, i := range list {
		out = append(out, typeOf(i.Name, i.Type))
	}
	return out
}

// typeOf shows a type; one that is unknown is empty.
func typeOf(name string, t network.Type) tensorType {
	if !t.DType.Valid() {
		return tensorType{Name: name, Shape: []int{}}
	}
	return tensorType{name, t.DType.String(), append([]int{}, t.Shape...)}
}

func (t tensorType) String() string {
	if t.DType == "" {
		return "unknown"
	}
	return fmt.Sprintf("%s %v", t.DType, t.Shape)
}

// write prints the list for people.
func (l *inspection) write(w io.Writer) error {
	title := fmt.Sprintf("%s: %d nodes, ONNX operators version %d", l.Model, len(l.Nodes), max(l.Opsets[""], l.Opsets["ai.onnx"]))
	if l.Producer != "" {
		title += ", by " + l.Producer
	}
	fmt.Fprint(w, textwrap.Lines(strictyaml.Visible(title, false), "", "  "))
	for _, side := range []struct {
		name string
		list []tensorType
	}{{"input", l.Inputs}, {"output", l.Outputs}} {
		for _, t := range side.list {
			fmt.Fprint(w, textwrap.Lines(strictyaml.Visible(fmt.Sprintf("%s %s: %s", side.name, t.Name, t), false), "  ", "    "))
		}
	}
	fmt.Fprintln(w)
	if err := l.writeNodes(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d MACs, %d parameters, %d problems\n", l.MACs, l.Parameters, len(l.Unsupported))
	return err
}

// writeNodes prints a line a node; the name is last, as it may be long.
func (l *inspection) writeNodes(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "operator\twhat becomes of it\toutput\tMACs\tparameters\tnode")
	for _, n := range l.Nodes {
		outputs := ""
		for i, o := range n.Outputs {
			if i > 0 {
				outputs += ", "
			}
			outputs += o.String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", strictyaml.Visible(n.Op, false), n.Fate, outputs, n.MACs, n.Parameters,
			strictyaml.Visible(n.Name, false))
	}
	return t.Flush()
}
