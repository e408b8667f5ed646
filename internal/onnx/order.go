package onnx

import (
	"container/heap"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
)

// order names the nodes and returns those that an output of the graph depends on,
// in an order in which every tensor is made before it is read. The order of the
// model is kept where it can be.
func (c *converter) order() ([]int, error) {
	nodes := c.model.Graph.Nodes
	makers := map[string]int{}
	for i := range nodes {
		n := &nodes[i]
		step := &c.steps[i]
		step.Kind, step.Fate = n.kind(), Unused
		step.Name = c.unique(n.title())
		for _, name := range n.Outputs {
			if name == "" {
				continue
			}
			if _, ok := makers[name]; ok || c.values[name] != nil {
				c.problem(fmt.Errorf("node %q (%s): its output %q is the name of another tensor too", step.Name, visible(step.Kind), name))
				continue
			}
			makers[name] = i
		}
	}
	return c.walk(makers)
}

// kind is the operator, with its domain unless that is ONNX's own.
func (n *Node) kind() string {
	if plain(n.Domain) == "" {
		return n.Op
	}
	return n.Domain + "." + n.Op
}

// plain is a domain of operators, "" for ONNX's own.
func plain(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

// visible is a name of the model as a message shows it.
func visible(name string) string {
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}

// title is the name of a node, or of what it makes if it has none.
func (n *Node) title() string {
	if n.Name != "" {
		return n.Name
	}
	for _, name := range n.Outputs {
		if name != "" {
			return name
		}
	}
	return n.Op
}

// walk finds the nodes that are needed and sorts them.
func (c *converter) walk(makers map[string]int) ([]int, error) {
	nodes := c.model.Graph.Nodes
	const seen, done = 1, 2
	state := make([]uint8, len(nodes))
	var needed []int
	visit := func(name string) {
		if i, ok := makers[name]; ok && state[i] == 0 {
			state[i] = seen
			needed = append(needed, i)
		}
	}
	for _, o := range c.model.Graph.Outputs {
		visit(o.Name)
	}
	for at := 0; at < len(needed); at++ {
		for _, name := range nodes[needed[at]].Inputs {
			visit(name)
		}
	}
	slices.Sort(needed)
	order := c.sorted(needed, makers)
	if len(order) == len(needed) {
		return order, nil
	}
	for _, i := range order {
		state[i] = done
	}
	return order, c.cycle(makers, func(i int) bool { return state[i] == seen })
}

// sorted returns nodes in order; those that are in a circle, and what depends on
// them, are missing.
func (c *converter) sorted(needed []int, makers map[string]int) []int {
	nodes := c.model.Graph.Nodes
	var order []int
	waiting, users := map[int]int{}, map[int][]int{}
	ready := &minHeap{}
	for _, i := range needed {
		for _, name := range nodes[i].Inputs {
			if from, ok := makers[name]; ok {
				waiting[i]++
				users[from] = append(users[from], i)
			}
		}
		if waiting[i] == 0 {
			heap.Push(ready, i)
		}
	}
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int)
		order = append(order, i)
		for _, user := range users[i] {
			if waiting[user]--; waiting[user] == 0 {
				heap.Push(ready, user)
			}
		}
	}
	return order
}

// cycle names the nodes of a cycle, of which all stuck nodes depend on one.
func (c *converter) cycle(makers map[string]int, stuck func(int) bool) error {
	nodes := c.model.Graph.Nodes
	i := 0
	for !stuck(i) {
		i++
	}
	var path []int
	for !slices.Contains(path, i) {
		path = append(path, i)
		for _, name := range nodes[i].Inputs {
			if from, ok := makers[name]; ok && stuck(from) {
				i = from
				break
			}
		}
	}
	path = path[slices.Index(path, i):]
	text := ""
	for k, at := range path {
		if k == 8 {
			text += fmt.Sprintf(" <- (%d more)", len(path)-k)
			break
		}
		text += fmt.Sprintf(" <- %q", c.steps[at].Name)
	}
	return errors.New("nodes depend on each other in a circle: " + text[len(" <- "):] + fmt.Sprintf(" <- %q", c.steps[i].Name))
}

// minHeap holds numbers, the least first.
type minHeap struct{ sort.IntSlice }

// Push implements heap.Interface, as does Pop.
func (h *minHeap) Push(v any) { h.IntSlice = append(h.IntSlice, v.(int)) }

// Pop removes the last number.
func (h *minHeap) Pop() any {
	last := h.Len() - 1
	v := h.IntSlice[last]
	h.IntSlice = h.IntSlice[:last]
	return v
}
