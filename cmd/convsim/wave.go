package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/wave"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
	"github.com/convsim/convsim/sim"
)

// waveFlags say which waveform of a run is wanted.
type waveFlags struct {
	file     destination
	from, to int64
	edges    []string // patterns of names
	timeline bool     // in the report

	writing sync.Mutex
}

// waveforms are the kinds of waveforms, by what their files end in.
var waveforms = []struct {
	ext    string
	noData bool
	form   func(w io.Writer) probe.Form
}{
	{".vcd", false, func(w io.Writer) probe.Form {
		return probe.Signals(func(signals []wave.Signal, _, _ int64) wave.Writer { return wave.NewVCD(w, waveComment, signals) })
	}},
	{".fst", false, func(w io.Writer) probe.Form {
		return probe.Signals(func(signals []wave.Signal, first, end int64) wave.Writer {
			return wave.NewFST(w, waveComment, signals, first, end)
		})
	}},
	{".json", true, func(w io.Writer) probe.Form { return probe.Slices(wave.NewChrome(w, waveComment)) }},
	{".pftrace", true, func(w io.Writer) probe.Form { return probe.Slices(wave.NewPerfetto(w)) }},
}

const waveComment = "one time unit is one clock cycle"

// waveExtensions are those of all waveforms.
func waveExtensions() (list []string) {
	for _, f := range waveforms {
		list = append(list, f.ext)
	}
	return list
}

func (f *waveFlags) add(cmd *cobra.Command) {
	f.file.flag = "--wave"
	fl := cmd.Flags()
	fl.StringVar(&f.file.path, "wave", "", "write what happens in every cycle to this "+anyOf(waveExtensions()))
	fl.BoolVar(&f.timeline, "timeline", false, "show in the report what stages did in the course of the run, and how full FIFOs were")
	fl.Int64Var(&f.from, "from", 0, "first cycle of the waveform and the timeline")
	fl.Int64Var(&f.to, "to", 0, "the cycle before which they end (default: the end of the run)")
	fl.StringSliceVar(&f.edges, "edges", nil, `edges of the waveform, with their data, by patterns such as "pad.*,*.sink" (default: all, with data at the ends of the pipeline)`)
	var bare []string
	for _, ext := range waveExtensions() {
		bare = append(bare, strings.TrimPrefix(ext, "."))
	}
	must(cmd.MarkFlagFilename("wave", bare...))
}

// anyOf lists what is allowed.
func anyOf(list []string) string {
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// check says all that is wrong with the flags.
func (f *waveFlags) check() error {
	var errs []error
	window := f.from != 0 || f.to != 0
	switch {
	case f.file.path == "" && window && !f.timeline:
		errs = append(errs, errors.New("--from and --to are of a waveform or a timeline: --wave FILE.vcd, --timeline"))
	case f.from < 0 || f.to < 0 || f.to > 0 && f.to < f.from:
		errs = append(errs, fmt.Errorf("--from %d --to %d; allowed: 0 or more, the second not before the first", f.from, f.to))
	}
	switch {
	case f.file.path == "" && len(f.edges) > 0:
		errs = append(errs, errors.New("--edges are of a waveform: --wave FILE.vcd"))
	case f.file.path != "" && f.kind() < 0:
		errs = append(errs, fmt.Errorf("--wave %s: no waveforms are written as %q; allowed: a %s file", f.file.path,
			filepath.Ext(f.file.path), anyOf(waveExtensions())))
	}
	for _, p := range f.edges {
		if _, err := path.Match(p, ""); err != nil {
			errs = append(errs, fmt.Errorf("--edges %s: a bracket that does not end; allowed: patterns of *, ?, [a-z]", p))
		}
	}
	return errors.Join(errs...)
}

// late warns of a waveform or a timeline in which nothing happens, since the run ends before.
func (f *waveFlags) late(s streams, cycles int64) {
	if f.from >= cycles && f.from > 0 {
		fmt.Fprintf(s.err, "convsim: warning: --from %d: nothing is shown, the run ends after %d cycles; allowed: 0..%d\n",
			f.from, cycles, max(cycles-1, 0))
	}
}

// kind is the number of the kind of waveform, -1 for none.
func (f *waveFlags) kind() int {
	return slices.Index(waveExtensions(), strings.ToLower(filepath.Ext(f.file.path)))
}

// end is the cycle before which the waveform ends.
func (f *waveFlags) end() clock.Cycle {
	if f.to == 0 {
		return clock.Never
	}
	return clock.Cycle(f.to)
}

// shows reports whether an edge of a name is asked for.
func (f *waveFlags) shows(name string) bool {
	return slices.ContainsFunc(f.edges, func(pattern string) bool { return matches(pattern, name) })
}

// matches reports whether a name is of a pattern. That of a layer may have slashes.
func matches(pattern, name string) bool {
	plain := strings.NewReplacer("/", "\x00")
	ok, err := path.Match(plain.Replace(pattern), plain.Replace(name))
	return ok && err == nil
}

// mostAllowed is how many names a mistake is answered with.
const mostAllowed = 24

// checkEdges refuses patterns that no edge of any plan has the name of.
func (f *waveFlags) checkEdges(plans ...*pipeline.Plan) error {
	var names []string
	for _, p := range plans {
		for _, e := range p.Edges {
			names = append(names, e.Name)
		}
	}
	allowed := strings.Join(names[:min(len(names), mostAllowed)], ", ")
	if more := len(names) - mostAllowed; more > 0 {
		allowed += fmt.Sprintf(" and %d more", more)
	}
	var errs []error
	for _, pattern := range f.edges {
		if !slices.ContainsFunc(names, func(name string) bool { return matches(pattern, name) }) {
			errs = append(errs, fmt.Errorf("--edges %s: there is no such edge; allowed: %s", pattern, allowed))
		}
	}
	return errors.Join(errs...)
}

// span is what a timeline is to show, nil for none.
func (f *waveFlags) span() *sim.Span {
	if !f.timeline {
		return nil
	}
	return &sim.Span{From: clock.Cycle(f.from), To: f.end()}
}

// ask asks a run for what is wanted. The run is to have the context that is returned: it
// ends when the waveform cannot be written, as on a full disk.
func (f *waveFlags) ask(ctx context.Context, s streams, o *sim.Options) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	o.Timeline, o.Wave = f.span(), f.wanted(ctx, s, func(err error) { stop(f.file.failed(err)) })
	return ctx, stop
}

// wanted is the waveform that a run is to write, nil for none, and for one that check
// refuses.
func (f *waveFlags) wanted(ctx context.Context, s streams, failed func(error)) *sim.Waveform {
	if f.file.path == "" || f.kind() < 0 {
		return nil
	}
	var edge func(string) bool
	if len(f.edges) > 0 {
		edge = f.shows
	}
	kind := waveforms[f.kind()]
	return &sim.Waveform{From: clock.Cycle(f.from), To: f.end(), Edge: edge, NoData: kind.noData, Write: func(play func(probe.Form) error) error {
		f.writing.Lock()
		defer f.writing.Unlock()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return f.file.write(ctx, s, func(w io.Writer) error { return play(kind.form(telling{w, failed})) })
	}}
}

// settled returns when nothing is being written: a run that was stopped leaves no half of
// a file behind.
func (f *waveFlags) settled() {
	f.writing.Lock()
	defer f.writing.Unlock()
}

// telling tells of what cannot be written at once: what writes looks at its errors when it
// is done, and a waveform may never be.
type telling struct {
	io.Writer
	failed func(error)
}

func (t telling) Write(p []byte) (int, error) {
	n, err := t.Writer.Write(p)
	if err != nil {
		t.failed(err)
	}
	return n, err
}
