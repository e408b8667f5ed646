package blocktest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// spoil sets one number, flag, name or list somewhere in a value to something
// else; interfaces are now and then emptied.
func spoil(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.NumField() > 0 {
			spoil(r, v.Field(r.IntN(v.NumField())))
		}
	case reflect.Slice:
		switch {
		case v.Len() == 0 || r.IntN(4) == 0:
			v.SetZero()
		default:
			i := r.IntN(v.Len())
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			spoil(r, fresh.Index(i))
			v.Set(fresh)
		}
	case reflect.Interface:
		if v.IsNil() || r.IntN(4) == 0 {
			v.SetZero()
			return
		}
		inner := reflect.New(v.Elem().Type()).Elem()
		inner.Set(v.Elem())
		spoil(r, inner)
		v.Set(inner)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt([]int64{0, -1, 1, 2, 3, v.Int() + 1, v.Int() - 1}[r.IntN(7)])
	case reflect.Uint8, reflect.Uint32:
		v.SetUint([]uint64{0, 1, 2, 200}[r.IntN(4)])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	}
}

// fine says whether a plan can be checked, and if nothing is wrong with it,
// solved and priced, without a panic.
func fine(p *pipeline.Plan) (accepted bool, panicked any) {
	defer func() { panicked = recover() }()
	if p.Check() != nil {
		return false, nil
	}
	p.Needs()
	_, _ = clock.Solve(p, clock.Options{Frames: 1})
	resources.Price(p, resources.Device{DSP: resources.DSP58, ClockMHz: 200})
	return true, nil
}

// TestWrongPlansAreRefused: whatever number of a literal plan is wrong, Check
// says so, or the plan is one that runs.
func TestWrongPlansAreRefused(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			refused := 0
			for seed := range Designs(t, 1500) {
				r := rand.New(rand.NewPCG(19, seed))
				p := Alone(r, k.Draw(r))
				for range between(r, 1, 2) {
					if r.IntN(3) == 0 {
						spoil(r, reflect.ValueOf(p).Elem())
					} else {
						spoil(r, reflect.ValueOf(&p.Nodes[r.IntN(len(p.Nodes))]).Elem())
					}
					if len(p.Nodes) == 0 {
						break
					}
				}
				accepted, panicked := fine(p)
				if panicked != nil {
					t.Fatalf("%s %d: %v\n%+v", k.Name, seed, panicked, p)
				}
				if !accepted {
					refused++
				}
			}
			if refused == 0 {
				t.Error("nothing was refused")
			}
		})
	}
}

// TestEmptyBlocksAreRefused: the zero value of no block is a block.
func TestEmptyBlocksAreRefused(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds {
		for seed := range uint64(20) {
			r := rand.New(rand.NewPCG(23, seed))
			for _, n := range Alone(r, k.Draw(r)).Nodes {
				empty := reflect.New(reflect.TypeOf(n.Block)).Elem().Interface().(pipeline.Block)
				name := fmt.Sprintf("%T", empty)
				if seen[name] {
					continue
				}
				seen[name] = true
				if err := (&pipeline.Plan{Nodes: []pipeline.Node{{Block: empty}}}).Check(); err == nil {
					t.Errorf("%s of nothing is accepted", name)
				}
			}
		}
	}
	if !seen[fmt.Sprintf("%T", wiring.Source{})] || len(seen) < 14 {
		t.Errorf("only %v", seen)
	}
}
