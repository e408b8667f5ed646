package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// bar shows progress on a terminal, and nothing elsewhere.
type bar struct {
	w     io.Writer
	name  string
	on    bool
	shown bool
	next  time.Time
}

// barEvery is how often a bar is drawn anew; barAfter keeps short runs quiet.
const (
	barEvery = 100 * time.Millisecond
	barAfter = 500 * time.Millisecond
	barWidth = 30
	barName  = 36
)

func newBar(w io.Writer, name string) *bar {
	if r := []rune(name); len(r) > barName {
		name = string(r[:barName-1]) + "…"
	}
	return &bar{w: w, name: name, on: isTerminal(w), next: time.Now().Add(barAfter)}
}

func (b *bar) show(done, total int) {
	if !b.on || time.Now().Before(b.next) {
		return
	}
	b.next = time.Now().Add(barEvery)
	b.shown = true
	full := done * barWidth / total
	fmt.Fprintf(b.w, "\r%s [%s%s] %3d %%", b.name, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), done*100/total)
}

func (b *bar) clear() {
	if b.shown {
		b.shown = false
		fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", utf8.RuneCountInString(b.name)+barWidth+10))
	}
}
