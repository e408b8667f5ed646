// Package models reads networks for tests.
package models

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
)

// Integers is a model as the integers that hardware computes, its open sizes at their
// defaults. A test whose model is not there is skipped: models beside the repository are
// no part of it.
func Integers(t testing.TB, path ...string) *network.Graph {
	t.Helper()
	file := filepath.Join(path...)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("%s is not there: golden data beside the repository is no part of it", file)
	}
	m, err := onnx.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	g, err := m.Network(nil)
	if err == nil {
		g, err = network.Lower(g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}
