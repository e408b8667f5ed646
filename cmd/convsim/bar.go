package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/convsim/convsim/sim"
)

// bar shows progress on a terminal, and nothing elsewhere.
type bar struct {
	liveLine
	mu   sync.Mutex // what is shown may come from several goroutines
	name string
}

// The widths of a bar and of a name.
const (
	barWidth = 30
	barName  = 36
)

func newBar(w io.Writer, name string) *bar {
	if r := []rune(name); len(r) > barName {
		name = string(r[:barName-1]) + "…"
	}
	return &bar{liveLine: newLiveLine(w), name: name}
}

// timing shows how far the time plane is.
func (b *bar) timing(done, total int64) { b.draw("time", done, total) }

// show shows how far values are.
func (b *bar) show(done, total int) { b.draw("", int64(done), int64(total)) }

// drawing shows how far a waveform is.
func (b *bar) drawing(done, total int64) { b.draw("wave", done, total) }

// checking shows how far comparing is.
func (b *bar) checking(done, total int) { b.draw("check", int64(done), int64(total)) }

// watch makes a run show how far it is.
func (b *bar) watch(o *sim.Options) {
	o.Progress, o.Timing, o.Drawing, o.Checking = b.show, b.timing, b.drawing, b.checking
}

func (b *bar) draw(what string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.due() {
		return
	}
	full := int(done * barWidth / total)
	b.put(fmt.Sprintf("%s [%s%s] %3d %% %-5s", b.name, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), done*100/total, what))
}

func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.liveLine.clear()
}
