package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Verdict says what the outputs of a run are.
type Verdict string

// The verdicts.
const (
	Equal      Verdict = "equal"      // Conv2d's, and those expected
	Overflowed Verdict = "overflow"   // those of accumulators that overflow, not Conv2d's
	Unexpected Verdict = "unexpected" // Conv2d's, but not those that the layer's file expects
	Different  Verdict = "different"  // not those of the modelled hardware: a fault of the simulator
)

// Mismatch is an output element that is not what it should be.
type Mismatch struct {
	Against   string // "reference" or "expected output"
	Index     []int  // in the output tensor
	Want, Got string
	Stage     string // the first stage whose output is wrong; "" when the reference agrees with the pipeline
	Cycle     clock.Cycle
	Count     int // elements that differ
	Of        int
	Expect    *Expectation // against the expected output: by how much they may, and do
}

func (m *Mismatch) Error() string {
	stage := "stage " + m.Stage
	if m.Stage == "" {
		stage = "no stage: the reference agrees with the pipeline"
	}
	text := fmt.Sprintf("mismatch with the %s: output%v is %s, want %s (%s; leaves in cycle %d); %d of %d elements differ",
		m.Against, m.Index, m.Got, m.Want, stage, m.Cycle, m.Count, m.Of)
	if e := m.Expect; e != nil && e.Tolerance != exactly {
		text += " by more than the tolerance, " + e.Tolerance
	}
	if m.Expect != nil {
		text += "; " + m.Expect.String()
	}
	return text
}

func sha(t *tensor.Tensor) string {
	h := sha256.New()
	_ = t.WriteRaw(h) // which never fails
	return hex.EncodeToString(h.Sum(nil))
}

// differences counts elements that are not what they should be and keeps the
// first of them.
type differences struct {
	first, count int
	want         string
	sum          int32 // the accumulator the first should come from
}

// add notes that output element at is wrong. i is its place in sums, the
// accumulators, nil where they are not kept.
func (d *differences) add(at int, want string, sums []int32, i int) {
	if d.count == 0 || at < d.first {
		d.first, d.want = at, want
		if sums != nil {
			d.sum = sums[i]
		}
	}
	d.count++
}

// verify compares the output with the reference, and with the expected tensor
// if one is given, and notes in out and its report what it finds.
func (d *Design) verify(ctx context.Context, data *Data, frames int, out *Outcome) error {
	v, err := d.compare(ctx, data, frames, out)
	if err != nil {
		return err
	}
	r := out.Report
	if r.Expect, err = d.expectation(ctx, data, frames, out.Output); err != nil {
		return err
	}
	r.Verdict = Equal
	switch {
	case v.wrong.count > 0:
		r.Verdict = Different
		out.Wrong, err = d.mismatch(ctx, "reference", v.wrong, out.Output, frames, d.blame(ctx, data, frames, v.wrong))
	case r.Expect != nil && r.Expect.Beyond > 0:
		r.Verdict = Unexpected
		out.Wrong, err = d.unexpected(ctx, data, out.Output, frames, r.Expect)
	}
	if r.Verdict != Different && v.overflow.count > 0 {
		r.Verdict, r.Overflow = Overflowed, d.overflow(v.overflow, out.Output, r.Accumulator)
	}
	ok := out.Failure() == nil
	r.Verified, r.ExpectMet = &ok, out.Wrong == nil && data.Expect != nil
	return err
}

// compare compares the output with the reference: what the second implementation does not
// confirm, with the definition.
func (d *Design) compare(ctx context.Context, data *Data, frames int, out *Outcome) (findings, error) {
	s := d.batch(data, frames)
	switch {
	case s.Batch == 0:
		return findings{}, ctx.Err()
	case out.Report.VerifiedBy != ByDefinition:
		if v, ok := d.secondOpinion(ctx, s, data, frames, out); ok && v.wrong.count == 0 {
			out.Report.VerifiedBy = BySecond
			return v, ctx.Err()
		}
		out.Report.VerifiedBy = ByDefinition
	}
	switch {
	case d.Layer.DType.Input.IsFloat():
		return d.compareFloats(ctx, s, data, frames, out)
	}
	return d.compareInts(ctx, s, data, frames, out)
}

// mismatch says where the first difference came out.
func (d *Design) mismatch(ctx context.Context, against string, diff differences, got *tensor.Tensor, frames int, stage string) (*Mismatch, error) {
	cycle, err := d.leaves(ctx, diff.first, frames)
	if err != nil {
		return nil, err
	}
	return &Mismatch{Against: against, Index: got.Coordinates(diff.first), Want: diff.want, Got: element(got, diff.first),
		Stage: stage, Cycle: cycle, Count: diff.count, Of: got.Len()}, nil
}

// unexpected says where the first output came out that is not the expected one.
func (d *Design) unexpected(ctx context.Context, data *Data, got *tensor.Tensor, frames int, e *Expectation) (*Mismatch, error) {
	diff := differences{first: e.first, count: e.Beyond, want: element(data.Expect, e.first%data.Expect.Len())}
	m, err := d.mismatch(ctx, "expected output", diff, got, frames, "")
	if err == nil {
		m.Expect = e
	}
	return m, err
}

// batch is the shape of the images that the frames show.
func (d *Design) batch(data *Data, frames int) conv.Shape {
	s := d.Fold.Shape
	s.Batch = min(frames, images(data, s.InChannels*s.InHeight*s.InWidth))
	return s
}

// sameFloat compares bit for bit; two NaNs are the same.
func sameFloat(u, v float32) bool {
	return u == v && (u != 0 || 1/u == 1/v) || u != u && v != v
}

func element(t *tensor.Tensor, i int) string {
	if x, ok := t.Data.([]float32); ok {
		return fmt.Sprint(x[i])
	}
	return fmt.Sprint(t.Int(i))
}

// blame names the stage that the first different output went wrong in: the
// arrays if their sums differ already.
func (d *Design) blame(ctx context.Context, data *Data, frames int, diff differences) string {
	last := len(d.Plan.Edges) - 1
	scaled := d.Plan.Nodes[d.Plan.Edges[last].From.Node]
	if _, ok := scaled.Block.(pe.Requantize); !ok {
		return scaled.Name()
	}
	summed := d.Plan.Nodes[d.Plan.Edges[last-1].From.Node]
	s := d.Fold.Shape
	x, y, channel, image := diff.first%s.OutWidth, diff.first/s.OutWidth%s.OutHeight,
		diff.first/(s.OutWidth*s.OutHeight)%s.OutChannels, diff.first/(s.OutWidth*s.OutHeight*s.OutChannels)
	row, sum := 0, int32(0)
	watch := func(slab flow.Slab) {
		if row == image*s.OutHeight+y {
			sum = flow.Of[int32](slab)[x*s.OutChannels+channel]
		}
		row++
	}
	_, err := flow.Run(ctx, d.Plan, d.Constants(data), flow.Options{Frames: frames, Watch: map[int]func(flow.Slab){last - 1: watch}})
	if err == nil && sum == diff.sum {
		return scaled.Name()
	}
	return summed.Name()
}

// leaves is the cycle in which output element i of the NCHW output leaves.
func (d *Design) leaves(ctx context.Context, i, frames int) (clock.Cycle, error) {
	s, f := d.Fold.Shape, d.Fold
	plane := s.OutHeight * s.OutWidth
	pixel, channel, image := i%plane, i/plane%s.OutChannels, i/plane/s.OutChannels
	group, out := channel/s.GroupOutChannels(), channel%s.GroupOutChannels()
	beat := ((int64(image)*int64(plane)+int64(pixel))*int64(f.GroupFolds)+int64(group/f.Array.GroupParallel))*int64(f.OutFolds) +
		int64(out/f.Array.PE)
	t, err := d.Time(int64(frames), TimeOptions{Record: true, Done: ctx.Done()})
	if err != nil {
		return 0, err
	}
	return t.Records[len(t.Records)-1].Out.Nth(beat), nil // the edge to the sink is the last
}
