package main

import (
	"fmt"
	"io"
	"time"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/textwrap"
)

// sweepTalk says how far a sweep is: on one line of a terminal, elsewhere on a
// new line every few seconds.
type sweepTalk struct {
	liveLine
	started time.Time
	next    time.Time // of lines elsewhere
}

// talkLog is how often a sweep talks elsewhere than on a terminal.
const talkLog = 5 * time.Second

func newSweepTalk(w io.Writer, s *dse.Sweep, shard journal.Shard) *sweepTalk {
	part := ""
	if shard.Count > 0 {
		part = fmt.Sprintf(", shard %s", shard)
	}
	fmt.Fprintf(w, "sweep %s: a space of %d points, %s, %d of them%s\n",
		s.Definition.Name, s.Space().Size(), s.Definition.Strategy, s.Points(), part)
	t := &sweepTalk{liveLine: newLiveLine(w), started: time.Now()}
	t.next = t.started.Add(talkLog)
	return t
}

func (t *sweepTalk) show(p dse.Progress) { t.line(progressLine(p, time.Since(t.started))) }

// line says something, unless something was said just now.
func (t *sweepTalk) line(line string) {
	if now := time.Now(); !t.on && !now.Before(t.next) {
		t.next = now.Add(talkLog)
		fmt.Fprintln(t.w, line)
	}
	if t.due() {
		if room := textwrap.Width - 1; len(line) > room {
			line = line[:room-3] + "..."
		}
		t.put(line)
	}
}

// drawing says how many pages of designs there are.
func (t *sweepTalk) drawing(done, total int) {
	t.line(fmt.Sprintf("%d/%d pages of designs (%d %%)", done, total, 100*done/max(1, total)))
}

// progressLine has counts, rate and what is left at that rate.
func progressLine(p dse.Progress, passed time.Duration) string {
	rate := float64(p.Done-p.Earlier) / passed.Seconds()
	left := time.Duration(float64(p.Total-p.Done) / rate * float64(time.Second))
	line := fmt.Sprintf("%d/%d points (%d %%), %.0f/s, %s left: %d ok, %d illegal, %d failed, %d pruned",
		p.Done, p.Total, 100*p.Done/p.Total, rate, left.Round(time.Second), p.OK, p.Illegal, p.Failed, p.Pruned)
	if p.Reused > 0 {
		line += fmt.Sprintf(", %d reused", p.Reused)
	}
	return line
}
