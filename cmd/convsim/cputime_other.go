//go:build !unix

package main

import "time"

// cpuTime is the time on the wall, where there is nothing better.
func cpuTime() time.Duration { return wallTime() }
