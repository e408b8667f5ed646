package regress

import (
	"context"
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// accuracy counts the images whose largest output is at the label.
func (r *modelRun) accuracy(out *sim.NetworkOutcome) error {
	if r.Accuracy == nil {
		return nil
	}
	labels, err := r.c.Input("labels")
	if err != nil {
		return err
	}
	right, err := correct(out.Outputs["output"], labels)
	if got := float64(right) / float64(labels.Len()); err == nil && got != *r.Accuracy {
		err = fmt.Errorf("accuracy: want %v, got %v", *r.Accuracy, got)
	}
	return err
}

// correct counts rows whose largest element is at the label.
func correct(y, labels *tensor.Tensor) (int, error) {
	if y == nil || len(y.Shape()) != 2 || y.Shape()[0] != labels.Len() {
		return 0, fmt.Errorf("an output %v for %d labels; allowed: a row for each", y, labels.Len())
	}
	at, err := network.ArgMax{Axis: 1}.Reference([]*tensor.Tensor{y})
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range labels.Len() {
		if at[0].Int(i) == labels.Int(i) {
			n++
		}
	}
	return n, nil
}

// images streams a set of images through the network one after the other and
// compares all outputs, and how many are right.
func (r *modelRun) images(ctx context.Context, n *sim.Network, o Options) error {
	pixels, errPixels := r.c.Suite().Load(r.Images.Images)
	labels, errLabels := r.c.Suite().Load(r.Images.Labels)
	if err := errors.Join(errPixels, errLabels); err != nil {
		return err
	}
	x, err := network.Cast{To: tensor.Float32}.Reference([]*tensor.Tensor{pixels})
	if err != nil {
		return err
	}
	// Every output is compared with the suite's, so no node is computed twice.
	out, err := n.Run(ctx, map[string]*tensor.Tensor{n.Graph.Inputs[0].Name: x[0]},
		sim.Options{Frames: labels.Len(), EveryBeat: o.EveryBeat, NoVerify: true})
	if err != nil {
		return err
	}
	y := out.Outputs[n.Graph.Outputs[0]]
	right, err := correct(y, labels)
	if err == nil && right != r.Images.Correct {
		err = fmt.Errorf("%d of %d images are right; want: %d", right, labels.Len(), r.Images.Correct)
	}
	return errors.Join(err, r.tensor("logits of the images", r.Images.Logits, 0, y))
}
