package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  convsim version",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.out, version())
			return err
		},
	}
}

// commit is the one that was built, as the Makefile says with -ldflags where the
// build itself does not record it. Changed files leave a mark behind it.
var commit string

// version is the module's version and the commit it was built from, as far as
// the build knows them.
func version() string {
	v, built, changed := "(devel)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				built = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "-dirty"
			}
		}
	}
	built += changed
	if built == "" {
		built = commit
	}
	if built == "" {
		built = "of no known commit"
	}
	return fmt.Sprintf("convsim %s %s (%s, %s/%s)", v, built, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
