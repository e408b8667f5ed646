package clock

// Cause names what a stage did in a cycle. Every cycle of every stage has
// exactly one.
type Cause uint8

// The names of cycles.
const (
	Busy       Cause = iota // moved a beat
	Starved                 // the beat it needs next was not there
	Blocked                 // its output had no room
	Throttled               // the outside world (source or sink pattern, shared port, weights from there) held it back
	Turnaround              // between two frames that may not overlap
	Finished                // nothing left to do
	causes
)

func (c Cause) String() string {
	return [causes]string{"busy", "starved", "blocked", "throttled", "turnaround", "finished"}[c]
}

// Account is one named row of the report: how each cycle of a stage was spent.
// A process updates it once per event, in the order of time.
type Account struct {
	Name      string
	StarvedOn string // what it waits for when starved
	BlockedOn string // what it waits for when blocked
	HeldBy    string // what holds it back when throttled, "" for a pattern of its own
	Overfull  Cycle  // the first in which more was in it than the RTL it is modelled on has room for; 0 for none

	cycles  [causes]int64
	before  Cause // see Waits
	then    Cause
	last    Cycle // of the newest event, -1 before the first
	early   Cycle // the end of the newest cycles called before
	horizon Cycle
	refused Cycle // the first from there on in which something would have moved, as far as is known
	done    bool  // no events left
	tape    *Tape // nil: not kept; busy cycles it hears of when others follow
}

// NewAccount makes the account of a stage that has not moved yet.
func NewAccount(name, starvedOn, blockedOn string) Account {
	return Account{Name: name, StarvedOn: starvedOn, BlockedOn: blockedOn, before: Starved, then: Blocked, last: -1, horizon: Never, refused: Never}
}

// Last is the cycle of the newest event, -1 before the first.
func (s *Account) Last() Cycle { return s.last }

// Horizon is the cycle from which on nothing counts any more.
func (s *Account) Horizon() Cycle { return s.horizon }

// Beyond reports whether what would move in cycle t does not, for the horizon.
func (s *Account) Beyond(t Cycle) bool {
	if t < s.horizon {
		return false
	}
	s.refused = min(s.refused, t)
	return true
}

// Finish marks that no events are left.
func (s *Account) Finish() { s.done = true }

// Wait names the cycles from the newest accounted one up to, not including,
// `until`, and makes until-1 the newest accounted one.
func (s *Account) Wait(c Cause, until Cycle) {
	if until = min(until, s.horizon); until > s.last+1 {
		s.name(c, until)
	}
}

// name calls the cycles up to until, of which there are some, c.
func (s *Account) name(c Cause, until Cycle) {
	if s.tape != nil {
		s.note(c, until)
	}
	if s.cycles[c] += int64(until - s.last - 1); c == s.before {
		s.early = until
	}
	s.last = until - 1
}

// note tells the tape of the cycles up to until.
func (s *Account) note(c Cause, until Cycle) {
	s.tell()
	s.tape.tell(until, c)
}

// tell tells the tape of the busy cycles it has not heard of.
func (s *Account) tell() {
	if s.tape != nil {
		s.tape.tell(s.last+1, Busy)
	}
}

// Waits names the cycles up to, not including, until, of a stage that needs a beat
// which was there from cycle since on: before that starved, then blocked, as Wait would.
// A source is throttled before, a sink then.
//
//go:noinline
func (s *Account) Waits(since, until Cycle) {
	if s.tape != nil {
		s.Wait(s.before, since)
		s.Wait(s.then, until)
		return
	}
	from := s.last + 1
	if since = min(since, s.horizon); since > from {
		s.cycles[s.before] += int64(since - from)
		from, s.early = since, since
	}
	if until = min(until, s.horizon); until > from {
		s.cycles[s.then] += int64(until - from)
		from = until
	}
	s.last = from - 1
}

// Moved is Waits and the event in cycle t, before the horizon.
func (s *Account) Moved(since, t Cycle) {
	if t > s.last+1 {
		s.waited(since, t)
	}
	s.cycles[Busy]++
	s.last = t
}

// waited is Waits before the horizon; what is called busy next is the newest then.
//
//go:noinline
func (s *Account) waited(since, until Cycle) {
	if s.tape != nil {
		s.Waits(since, until)
		return
	}
	from := s.last + 1
	if since > from {
		s.cycles[s.before] += int64(since - from)
		from, s.early = since, since
	}
	s.cycles[s.then] += int64(until - from)
}

// Event counts cycle t, before the horizon, as busy; Wait has named the cycles
// before it.
func (s *Account) Event(t Cycle) { s.Events(1, t) }

// Events counts n busy cycles in a row, the last of them t.
func (s *Account) Events(n int64, t Cycle) {
	s.cycles[Busy] += n
	s.last = t
}

// Row is Moved of n beats that are there and move one a cycle, from cycle t on.
func (s *Account) Row(t Cycle, n int64) {
	s.Moved(t, t)
	s.Events(n-1, t+Cycle(n-1))
}

// Among counts n busy cycles, the last of them t, and calls those between c, which is not what
// is called before.
func (s *Account) Among(c Cause, n int64, t Cycle) {
	s.cycles[c] += int64(t-s.last) - n
	s.Events(n, t)
}

// close names what is left up to total.
func (s *Account) close(total Cycle) {
	c := Finished
	if !s.done {
		c = Starved
	}
	if total > s.last+1 {
		s.name(c, total)
	}
	s.tell()
}

// StageCycles is the account of one stage.
type StageCycles struct {
	Node                 int // of the plan
	Name                 string
	StarvedOn, BlockedOn string
	HeldBy               string // what holds it back when throttled, "" for a pattern of its own
	Cycles               [causes]int64
	Overfull             bool // more was in it than the RTL it is modelled on has room for
}

// Of is the number of cycles named c.
func (s StageCycles) Of(c Cause) int64 { return s.Cycles[c] }

// Total is the number of cycles of the run, whatever they were called.
func (s StageCycles) Total() int64 {
	var n int64
	for _, v := range s.Cycles {
		n += v
	}
	return n
}
