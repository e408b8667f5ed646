package pipeline

// Edit says what is put between the nodes of a plan.
type Edit struct {
	// Fork is the block that gives an output to several readers, or, with none,
	// takes what nobody reads; nil where there is nothing to do.
	Fork func(from Node, out Port, readers int) Block
	// Between are the blocks that an edge passes, upstream first.
	Between func(e Edge) []Block
}

// Edited returns the plan with blocks put in between, in the layer of the node
// upstream, and where its nodes have moved.
func (p *Plan) Edited(edit Edit) (q *Plan, moved []int) {
	q, moved = &Plan{}, make([]int, len(p.Nodes))
	readers := map[Port]int{}
	ins := make([][]Edge, len(p.Nodes))
	for _, e := range p.Edges {
		readers[e.From]++
		ins[e.To.Node] = append(ins[e.To.Node], e)
	}
	forks, given := map[Port]int{}, map[Port]int{}
	for i, n := range p.Nodes {
		at := make([]Port, len(ins[i])) // where every input comes from
		for k, e := range ins[i] {
			from := Port{moved[e.From.Node], e.From.Port}
			if f, ok := forks[e.From]; ok {
				from = Port{f, given[e.From]}
				given[e.From]++
			}
			at[k] = q.between(edit, p.Nodes[e.From.Node].Layer, e, from)
		}
		moved[i] = q.Add(n.Layer, n.Block)
		for k, e := range ins[i] {
			j := q.Join(at[k], Port{moved[i], e.To.Port})
			q.Edges[j].Depth, q.Edges[j].Latency = e.Depth, max(1, e.Latency)
		}
		q.fork(edit, n, i, moved[i], readers, forks)
	}
	return q, moved
}

// between adds the blocks that an edge passes and returns where they end.
func (q *Plan) between(edit Edit, layer string, e Edge, from Port) Port {
	if edit.Between == nil {
		return from
	}
	for _, b := range edit.Between(e) {
		to := Port{Node: q.Add(layer, b)}
		q.Join(from, to)
		from = to
	}
	return from
}

// fork adds what stands behind the outputs of node i, now number at.
func (q *Plan) fork(edit Edit, n Node, i, at int, readers map[Port]int, forks map[Port]int) {
	if edit.Fork == nil {
		return
	}
	_, outs := n.Block.Streams()
	for port := range outs {
		out := Port{i, port}
		b := edit.Fork(n, out, readers[out])
		if b == nil {
			continue
		}
		f := q.Add(n.Layer, b)
		q.Join(Port{at, port}, Port{Node: f})
		forks[out] = f
	}
}
