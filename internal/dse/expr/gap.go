package expr

import "math"

// Gap is a part of a condition that keeps it from being true: a comparison of numbers, or any other truth.
type Gap struct {
	Text        string  // in canonical form
	Left, Right string  // of a comparison of numbers, else empty
	Is, Limit   float64 // what left and right are
	Known       bool    // whether its parts have values
}

// Miss is by how much the comparison fails, and as a share of the larger of its sides; NaN if it is none or not known.
func (g Gap) Miss() (by, share float64) {
	if g.Left == "" || !g.Known {
		return math.NaN(), math.NaN()
	}
	by = math.Abs(g.Is - g.Limit)
	return by, by / max(math.Abs(g.Is), math.Abs(g.Limit), math.SmallestNonzeroFloat64)
}

// weight orders gaps: one without a number counts as missing all.
func weight(gaps []Gap) float64 {
	sum := 0.0
	for _, g := range gaps {
		if _, share := g.Miss(); !math.IsNaN(share) {
			sum += share
		} else {
			sum++
		}
	}
	return sum
}

// Gaps are the parts of a Bool program that keep it from being true, none if it is. A name of type Bool is
// replaced by the program that expand has for its slot, if it has one.
func (p *Program) Gaps(values []Value, expand func(slot int) *Program) []Gap {
	p.must(Bool)
	p.check(values)
	s := &seeker{compiler{source: p.tree.String(), env: p.names}, values, expand}
	return s.gaps(p.tree.root, true)
}

// seeker walks over a condition whose values are known.
type seeker struct {
	compiler
	values []Value
	expand func(slot int) *Program
}

// negated has the comparison that holds where another does not.
var negated = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

// gaps are what keeps a condition from being as wanted.
func (s *seeker) gaps(n *node, want bool) []Gap {
	if is, err := s.compile(n).truth(s.values); err == nil && is == want {
		return nil
	}
	switch {
	case n.kind == nodeUnary:
		return s.gaps(n.args[0], !want)
	case n.kind == nodeTernary:
		branch := n.args[2]
		if yes, err := s.compile(n.args[0]).truth(s.values); err == nil && yes {
			branch = n.args[1]
		}
		return s.gaps(branch, want)
	case n.kind == nodeName:
		slot, _ := s.env.Slot(n.text)
		if inner := s.expand(slot); inner != nil {
			return s.gaps(inner.tree.root, want)
		}
	case n.text == "&&" || n.text == "||":
		left, right := s.gaps(n.args[0], want), s.gaps(n.args[1], want)
		if (n.text == "&&") == want {
			return append(left, right...)
		}
		if weight(right) < weight(left) {
			return right
		}
		return left
	case n.kind == nodeBinary && negated[n.text] != "":
		return []Gap{s.comparison(n, want)}
	}
	return []Gap{s.truth(n, want)}
}

// truth is a gap without a number.
func (s *seeker) truth(n *node, want bool) Gap {
	_, err := s.compile(n).truth(s.values)
	if !want {
		n = &node{kind: nodeUnary, text: "!", args: []*node{n}}
	}
	return Gap{Text: n.String(), Known: err == nil}
}

func (s *seeker) comparison(n *node, want bool) Gap {
	left, right := s.compile(n.args[0]), s.compile(n.args[1])
	if left.kind != Number {
		return s.truth(n, want)
	}
	if !want {
		n = &node{kind: nodeBinary, text: negated[n.text], args: n.args}
	}
	is, errLeft := left.number(s.values)
	limit, errRight := right.number(s.values)
	return Gap{Text: n.String(), Left: n.args[0].String(), Right: n.args[1].String(), Is: is, Limit: limit,
		Known: errLeft == nil && errRight == nil}
}
