package fit

import "github.com/convsim/convsim/internal/resources"

// fits reports whether a design keeps within the limits.
func (s *search) fits(d *Design) bool { return len(s.Exceeded(d)) == 0 }

// hasRoom reports whether a design without its FIFOs leaves room for them.
func (s *search) hasRoom(d *Design) bool { return s.over(d) <= 1 }

// Over is a resource of which a design takes too much.
type Over struct {
	Resource        resources.Resource
	Used, Available int
}

// Exceeded lists what a design takes too much of, nil takes nothing.
func (o *Options) Exceeded(d *Design) []Over {
	if d == nil {
		return nil
	}
	list := Exceeded(d.Cost, o.Limits)
	if o.Multipliers > 0 && d.Multipliers > o.Multipliers {
		list = append(list, Over{"multipliers", d.Multipliers, o.Multipliers})
	}
	return list
}

// Exceeded lists what is taken too much of.
func Exceeded(cost, limits resources.Amount) []Over {
	var list []Over
	for _, r := range resources.Resources() {
		if cost.Of(r) > limits.Of(r) {
			list = append(list, Over{r, cost.Of(r), limits.Of(r)})
		}
	}
	return list
}
