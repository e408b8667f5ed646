package main

import "github.com/spf13/cobra"

// commands are all of them, in the order of the help.
func commands(s streams) []*cobra.Command {
	return []*cobra.Command{
		newRun(s),
		newExplain(s),
		newDiff(s),
		newRegress(s),
		newRTL(s),
		newSweep(s),
		newFit(s),
		newFifos(s),
		newExamples(s),
		newInspect(s),
		newImport(s),
		newBoards(s),
		newBench(s),
		newSchema(s),
		newVersion(s),
	}
}
