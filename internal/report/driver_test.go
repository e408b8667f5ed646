package report

import (
	"testing"

	"github.com/convsim/convsim/internal/webdriver"
)

// browser is a browser that knows the page of a sweep.
type browser struct{ *webdriver.Browser }

func startBrowser(t *testing.T) *browser { return &browser{webdriver.Start(t)} }
