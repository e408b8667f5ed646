package sim

import (
	"context"
	"runtime"
	"sync"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// outputs are those of a run that may not have ended.
type outputs interface {
	// upTo waits until there are so many rows of all frames and returns the tensor they are
	// in, nil if they never come.
	upTo(rows int) *tensor.Tensor
	// end is closed when the run has ended, nil if it had before.
	end() <-chan struct{}
}

// collected is the output of a run that has ended.
type collected struct{ *tensor.Tensor }

func (c collected) upTo(int) *tensor.Tensor { return c.Tensor }
func (c collected) end() <-chan struct{}    { return nil }

// collecting is an output of which rows are still to come.
type collecting struct {
	mu    sync.Mutex
	more  sync.Cond
	whole func() *tensor.Tensor // as far as it has come
	rows  int
	over  bool
	ended chan struct{}
}

func newCollecting() *collecting {
	c := &collecting{ended: make(chan struct{})}
	c.more.L = &c.mu
	return c
}

// made finds the kernel that collects.
func (c *collecting) made(kernels []flow.Kernel) {
	for _, k := range kernels {
		if k, ok := k.(wiring.Collector); ok {
			c.whole = k.Sink().Tensor
		}
	}
}

// progress notes that rows have come.
func (c *collecting) progress(rows, _ int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows = rows
	c.more.Broadcast()
}

// stop says that no more rows come.
func (c *collecting) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over = true
		close(c.ended)
	}
	c.more.Broadcast()
}

// end implements outputs.
func (c *collecting) end() <-chan struct{} { return c.ended }

// upTo implements outputs.
func (c *collecting) upTo(rows int) *tensor.Tensor {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.rows < rows && !c.over {
		c.more.Wait()
	}
	if c.rows < rows {
		return nil
	}
	return c.whole()
}

// comparing is a comparison beside the run.
type comparing struct {
	*collecting
	cancel context.CancelFunc
	done   chan struct{}
	found  findings
	ok     bool
}

// compareBeside begins to compare outputs while they come, where there are processors for
// both; nil elsewhere.
func (d *Design) compareBeside(ctx context.Context, data *Data, frames int) *comparing {
	s := d.batch(data, frames)
	if runtime.GOMAXPROCS(0) < 2 || !d.worthSecond(s) {
		return nil
	}
	c := &comparing{collecting: newCollecting(), done: make(chan struct{})}
	ctx, c.cancel = context.WithCancel(ctx)
	go func() {
		defer close(c.done)
		c.found, c.ok = d.compareSecond(ctx, s, data, frames, c)
	}()
	return c
}

// wait is the result.
func (c *comparing) wait() (findings, bool) {
	<-c.done
	return c.found, c.ok
}

// alone says that values have been computed.
func (c *comparing) alone() {
	if c != nil {
		c.stop()
	}
}

// giveUp ends the comparison of a run that has failed.
func (c *comparing) giveUp() {
	if c != nil {
		c.cancel()
		c.stop()
		<-c.done
	}
}

// told has a run tell the comparison of its rows.
func (c *comparing) told(o flow.Options) flow.Options {
	if c == nil {
		return o
	}
	talk := o.Progress
	o.Made, o.Progress = c.made, func(done, total int) {
		c.progress(done, total)
		if talk != nil {
			talk(done, total)
		}
	}
	return o
}
