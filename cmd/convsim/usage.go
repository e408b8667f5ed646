package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/sim"
)

// valueWords say what the flags of a type take.
var valueWords = map[string]string{
	"int":     "a whole number",
	"int64":   "a whole number",
	"uint64":  "a whole number, 0 or more",
	"float64": "a number",
	"bool":    "true or false",

	"int64Slice":   "whole numbers, commas between them",
	"float64Slice": "numbers, commas between them",
	"duration":     "a time such as 90s or 30m",
}

// exemplify gives the commands that come with cobra an example each, too.
func exemplify(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Example = "  convsim help run"
			c.Args = func(_ *cobra.Command, topic []string) error {
				_, _, err := root.Find(topic)
				return err
			}
		case "completion":
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() } // so that a shell that is unknown is refused
			c.Example = "  convsim completion bash > ~/.local/share/bash-completion/completions/convsim"
			for _, shell := range c.Commands() {
				shell.Example = "  convsim completion " + shell.Name()
			}
		}
	}
}

// fitHelp breaks the long texts of all commands into lines that fit a terminal.
func fitHelp(root *cobra.Command) {
	var paragraphs []string
	for paragraph := range strings.SplitSeq(root.Long, "\n\n") {
		paragraphs = append(paragraphs, textwrap.Lines(paragraph, "", ""))
	}
	root.Long = strings.TrimSpace(strings.Join(paragraphs, "\n"))
	for _, c := range root.Commands() {
		fitHelp(c)
	}
}

// flagError says what is allowed where a flag is misused.
func flagError(cmd *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		flag := value.GetFlag()
		if words, ok := valueWords[flag.Value.Type()]; ok {
			return fmt.Errorf("--%s %s; allowed: %s", flag.Name, value.GetValue(), words)
		}
		return fmt.Errorf("--%s %s; %w", flag.Name, value.GetValue(), errors.Unwrap(value))
	}
	return fmt.Errorf("%w; `%s --help` lists the flags", err, cmd.CommandPath())
}

// useless refuses flags that are given, but say nothing about what is meant.
func useless(given *pflag.FlagSet, what string, names ...string) error {
	var errs []error
	for _, name := range names {
		if f := given.Lookup(name); f != nil && f.Changed {
			errs = append(errs, fmt.Errorf("--%s %s: not for %s", name, f.Value, what))
		}
	}
	return errors.Join(errs...)
}

// checkFrames refuses numbers of frames that no run can have; fewest says in words what is
// least allowed.
func checkFrames(frames, least int, fewest string) error {
	switch {
	case frames < least:
		return fmt.Errorf("--frames %d; allowed: %s", frames, fewest)
	case frames > sim.MaxFrames:
		return fmt.Errorf("--frames %d; allowed: %d..%d", frames, least, sim.MaxFrames)
	}
	return nil
}

// noArgs refuses arguments of a command that takes flags only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes flags only, not %q; `%[1]s --help` lists them", cmd.CommandPath(), args[0])
}

// takes refuses another number of arguments than n, which are named in words.
func takes(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s takes %s, not %d; `%[1]s --help` shows how", cmd.CommandPath(), what, len(args))
		}
		return nil
	}
}

// oneOf takes a single argument, one of the names.
func oneOf(names []string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		allowed := strings.Join(names, ", ")
		switch {
		case len(args) != 1:
			return fmt.Errorf("%s takes one name, not %d; allowed: %s", cmd.CommandPath(), len(args), allowed)
		case cobra.OnlyValidArgs(cmd, args) != nil:
			return fmt.Errorf("%s %s; allowed: %s", cmd.CommandPath(), args[0], allowed)
		}
		return nil
	}
}
