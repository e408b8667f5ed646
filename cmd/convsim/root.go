package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pipeline/clock"
)

// streams are what a command talks through.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed ends a command whose check failed and that has said so already.
var errFailed = errors.New("check failed")

// errInterrupted ends a command that was interrupted and has said so already.
var errInterrupted = errors.New("interrupted")

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, s streams) int {
	err := checkArgs(args)
	if err == nil {
		root := newRoot(s)
		root.SetArgs(args)
		var unwritten error // of help, which cobra writes without a look at errors
		root.SetOut(telling{s.out, func(err error) { unwritten = err }})
		err = cmp.Or(root.ExecuteContext(ctx), unwritten)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, errInterrupted):
		return stopCode(ctx)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.err, "convsim: interrupted")
		return stopCode(ctx)
	}
	complain(s.err, err)
	var dead *clock.Deadlock
	var left *clock.Leftover
	if errors.As(err, &dead) || errors.As(err, &left) {
		return exitFailed
	}
	return exitUsage
}

// checkArgs refuses arguments that could not be shown as they are: control
// characters of a name must not reach a terminal.
func checkArgs(args []string) error {
	for _, arg := range args {
		if !strictyaml.Printable(arg, true) {
			return fmt.Errorf("argument %.80q; allowed: characters that print", arg)
		}
	}
	return nil
}

// complain prints an error, each of several on its own; mistakes in files with
// the line they are in.
func complain(w io.Writer, err error) {
	var mistakes *strictyaml.Errors
	switch several, ok := err.(interface{ Unwrap() []error }); {
	case ok:
		for _, one := range several.Unwrap() {
			complain(w, one)
		}
	case errors.As(err, &mistakes):
		fmt.Fprintln(w, strings.TrimRight(mistakes.Excerpts(), "\n"))
	case errors.As(err, new(*clock.Deadlock)):
		for i, line := range strings.Split(err.Error(), "\n") {
			if i == 0 {
				line = "convsim: " + line
			}
			fmt.Fprintln(w, strictyaml.Visible(line, false))
		}
	default:
		fmt.Fprintf(w, "convsim: %s\n", strictyaml.Visible(err.Error(), true))
	}
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "convsim",
		Short: "Simulate convolutions on streaming FPGA hardware: exact values, exact cycles",
		Long: `convsim streams a PyTorch Conv2d through a modelled FPGA pipeline (padding, line
buffer, dilated window, processing-element arrays per group) and says how many
cycles it takes, what every stage waited for, and that the outputs equal a
reference Conv2d bit for bit.`,
		Example:       "  convsim run --hw edge-8x8 --layer digits_conv2",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(s.in)
	root.SetErr(s.err)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", textwrap.Width)))
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return checkGiven(cmd.Flags()) }
	root.AddCommand(commands(s)...)
	fitHelp(root)
	exemplify(root)
	return root
}

// colour reports whether text on w may be coloured.
func colour(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && isTerminal(w)
}

// isTerminal reports whether w is a terminal that does more than print: one that
// calls itself dumb gets plain text, as a file does.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
