package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// ballast counts as living memory, so that the collector, which starts when that has doubled,
// does not run every few milliseconds while there is little: then it would take a third of
// the time of a layer's values. Nobody touches it: it takes none of the machine's memory.
var ballast = make([]byte, 16<<20)

func main() {
	defer runtime.KeepAlive(ballast)
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals) // a second signal ends the program at once
		cancel(stopped{s})
	}()
	os.Exit(Main(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}
