package blocktest

import (
	"os"
	"strconv"
	"testing"
)

// Designs is how many random machines a test tries: few, a tenth of them in a short
// run, or as many as CONVSIM_DESIGNS says.
func Designs(t testing.TB, few int) uint64 {
	t.Helper()
	if v := os.Getenv("CONVSIM_DESIGNS"); v != "" {
		n, err := strconv.ParseUint(v, 10, 32)
		if err != nil {
			t.Fatalf("CONVSIM_DESIGNS: %v", err)
		}
		return n
	}
	if testing.Short() {
		few = (few + 9) / 10
	}
	return uint64(few)
}
