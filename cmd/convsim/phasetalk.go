package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// phaseTalk says on one line of a terminal what another program is doing and for how long,
// and nothing elsewhere.
type phaseTalk struct {
	mu    sync.Mutex
	talk  *searchTalk
	doing string
	since time.Time
	over  chan struct{}
	done  sync.WaitGroup
}

func newPhaseTalk(w io.Writer, name string) *phaseTalk {
	t := &phaseTalk{talk: newSearchTalk(w, name), over: make(chan struct{}), since: time.Now()}
	t.done.Go(func() {
		tick := time.NewTicker(lineEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.show()
			case <-t.over:
				return
			}
		}
	})
	return t
}

// tell begins what is being done.
func (t *phaseTalk) tell(doing string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.doing, t.since = doing, time.Now()
}

func (t *phaseTalk) show() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.doing != "" {
		t.talk.show(fmt.Sprintf("%s, %.0f s", t.doing, time.Since(t.since).Seconds()))
	}
}

// clear ends it, and leaves no trace.
func (t *phaseTalk) clear() {
	close(t.over)
	t.done.Wait()
	t.talk.clear()
}
