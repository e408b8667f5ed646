package hdl

import (
	"embed"
	"maps"
	"regexp"
	"slices"
)

//go:embed lib/*.sv
var library embed.FS

// instance finds the modules that a source names.
var instance = regexp.MustCompile(`\bconvsim_[a-z0-9_]+\b`)

// source is the text of a module of the library.
func source(name string) string {
	data, err := library.ReadFile("lib/" + name + ".sv")
	if err != nil {
		panic("hdl: no module " + name + " in the library")
	}
	return string(data)
}

// needed lists the modules of the library that those named need, themselves
// included, in order.
func needed(names []string) []string {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, n := range instance.FindAllString(source(name), -1) {
			visit(n)
		}
	}
	for _, n := range names {
		visit(n)
	}
	return slices.Sorted(maps.Keys(seen))
}
