package network

import "github.com/convsim/convsim/tensor"

// framed computes every index of the first axis of one tensor by itself and puts the
// results behind each other.
func framed(in []*tensor.Tensor, of func([]*tensor.Tensor) ([]*tensor.Tensor, error)) ([]*tensor.Tensor, error) {
	var parts [][]*tensor.Tensor
	shape := in[0].Shape()
	for i := range shape[0] {
		frame, err := Slice{Starts: []int{i}, Ends: []int{i + 1}, Axes: []int{0}}.Reference(in[:1])
		if err != nil {
			return nil, err
		}
		out, err := of(frame)
		if err != nil {
			return nil, err
		}
		for k, y := range out {
			if len(y.Shape()) < 1 {
				if y, err = y.Reshape(1); err != nil {
					return nil, err
				}
			}
			if len(parts) <= k {
				parts = append(parts, nil)
			}
			parts[k] = append(parts[k], y)
		}
	}
	out := make([]*tensor.Tensor, len(parts))
	for k, list := range parts {
		joined, err := Concat{}.Reference(list)
		if err != nil {
			return nil, err
		}
		out[k] = joined[0]
	}
	return out, nil
}
