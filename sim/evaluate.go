package sim

import (
	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline/clock"
)

// ModelVersion names the model of time, resources and energy. It changes
// whenever the same design would get another number, so that results kept on
// disk are not mistaken for those of this program.
const ModelVersion = "5"

// Pace is the time of a run of several frames, in cycles.
type Pace struct {
	Cycles   int64   // up to and with the last output of the last frame
	Latency  int64   // up to and with the last output of the first frame
	Interval float64 // mean cycles from frame to frame; 0 with fewer than 3
}

// Pace solves the time plane for so many frames, at least 1, and keeps what a
// comparison of designs needs; w, if not nil, is the memory it works in.
func (d *Design) Pace(frames int64, w *clock.Workspace) (Pace, error) {
	p, _, err := d.PaceAndRoom(frames, w)
	return p, err
}

// PaceAndRoom is Pace, and what the runs that it took held in the FIFOs.
func (d *Design) PaceAndRoom(frames int64, w *clock.Workspace) (Pace, clock.Room, error) {
	if p, room, ok := d.paceByPeriod(frames, w); ok {
		return p, room, nil
	}
	return d.paceByRun(frames, w)
}

// paceByRun runs the frames asked for, and more where these hold no period.
func (d *Design) paceByRun(frames int64, w *clock.Workspace) (Pace, clock.Room, error) {
	room := clock.NewRoom(d.Plan)
	r, err := d.Time(frames, TimeOptions{Work: w})
	if err != nil {
		room.Full()
		return Pace{}, room, err
	}
	out := r.Sinks[0]
	p := Pace{Cycles: int64(r.Total), Latency: int64(out[0].Last) + 1}
	room.Ran(r)
	pace, err := steady(d.Plan, r, frames, TimeOptions{Work: w}, room)
	if pace != nil {
		p.Interval = pace.Mean
	}
	return p, room, err
}

// paceByPeriod is paceByRun in one run that ends with the first period: the frames asked
// for are its first ones, or later copies of some. ok is false where that is not known.
func (d *Design) paceByPeriod(frames int64, w *clock.Workspace) (p Pace, room clock.Room, ok bool) {
	if frames < 3 || !clock.Repeats(d.Plan) || !clock.Ordered(d.Plan, d.Plan.Needs()) || d.CheckHeld(frames) != nil {
		return p, room, false
	}
	most := longest(d.Bound(frames).Interval)
	if most <= frames {
		return p, room, false
	}
	found, err := clock.Recur(d.Plan, clock.Options{Frames: most, Enough: frames, Work: w})
	if err != nil || int64(len(found.Ends)) < frames {
		return p, room, false
	}
	first, half, last := found.Ends[0], found.Ends[(frames-1)/2], found.Ends[frames-1]
	if mean := float64(last-half) / float64(frames/2); found.Pace.Period == 0 && longest(mean) != most {
		return p, room, false
	}
	room = clock.NewRoom(d.Plan)
	room.Recurred(found)
	return Pace{Cycles: int64(last) + 1, Latency: int64(first) + 1, Interval: found.Pace.Mean}, room, true
}

// Bound is a pace that no run of so many frames can beat: what the busiest
// stage needs if it never waits. It costs no simulation.
func (d *Design) Bound(frames int64) Pace {
	f := d.Fold
	last := max(f.ComputeCycles(), f.WindowBeats(), f.OutputBeats())
	// A frame's last rows may be needed for no output; those of all frames
	// before the last have to pass anyway.
	p := Pace{Cycles: max(last*frames, max(f.InputBeats(), f.PaddedBeats())*(frames-1)), Latency: last}
	if frames < 3 {
		return p
	}
	p.Interval = float64(f.OutputBeats())
	if d.Hardware.Sink.Kind == configs.Full {
		// Outputs leave a fixed time after they are computed, so their distance is that of the computations.
		p.Interval = max(p.Interval, float64(f.ComputeCycles()))
	}
	return p
}

// MultipliersBuilt are those of the array.
func (d *Design) MultipliersBuilt() int64 { return d.Fold.MultipliersBuilt() }

// TimingKey appends what decides Pace: designs with equal keys have equal
// times, however many lanes stand idle.
func (d *Design) TimingKey(dst []byte, frames int64) []byte {
	return clock.AppendPlan(clock.AppendInts(dst, frames), d.Plan)
}

// TimingShape appends what decides Pace but for the depths of FIFOs and whether frames
// overlap, which the room of the plan has.
func (d *Design) TimingShape(dst []byte, frames int64) ([]byte, clock.Room) {
	return clock.AppendShape(clock.AppendInts(dst, frames), d.Plan), clock.NewRoom(d.Plan)
}

// DeadlockText is the first line of a deadlock, with the FIFO to deepen; for
// tables that have one line for an error.
func DeadlockText(dead *clock.Deadlock) string {
	short := *dead
	short.Chain = nil
	return short.Error()
}
