package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/convsim/convsim/internal/regress"
	"github.com/convsim/convsim/internal/resources"
)

// schemas are the kinds of files and their JSON Schemas.
var schemas = []struct {
	name string
	make func() ([]byte, error)
}{
	{"hardware", configs.HardwareSchema},
	{"layer", configs.LayerSchema},
	{"workload", configs.WorkloadSchema},
	{"network", configs.NetworkSchema},
	{"sweep", sweepfile.Schema},
	{"expectation", regress.Schema},
	{"board", resources.BoardSchema},
	{"energy", resources.EnergySchema},
}

func newSchema(s streams) *cobra.Command {
	var names []string
	for _, k := range schemas {
		names = append(names, k.name)
	}
	return &cobra.Command{
		Use:   "schema KIND",
		Short: "Print the JSON Schema of a kind of file, for editors to check it",
		Long: "Schema prints the JSON Schema of a kind of file, for editors to check it. KIND is\n" +
			strings.Join(names, ", ") + ".",
		Example:   "  convsim schema hardware > hardware.schema.json",
		ValidArgs: names,
		Args:      oneOf(names),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := schemas[slices.Index(names, args[0])].make()
			if err != nil {
				return err
			}
			_, err = s.out.Write(text)
			return err
		},
	}
}
