package definition

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/convsim/convsim/internal/resources"
)

// Definition is everything that decides the results of a sweep, with nothing left to look up in other files.
type Definition struct {
	Name        string                `json:"name"`
	Model       string                `json:"model"`    // version of the models
	Hardware    string                `json:"hardware"` // text of the base
	Layers      []LayerID             `json:"layers"`
	Axes        []AxisDefinition      `json:"axes"`
	Constraints []string              `json:"constraints"`
	Derived     []Derived             `json:"derived"`
	Objectives  []Objective           `json:"objectives"`
	Strategy    Strategy              `json:"strategy"`
	Frames      int64                 `json:"frames"`
	Board       *resources.Board      `json:"board"`
	Energy      resources.EnergyTable `json:"energy"`
	NoPrune     bool                  `json:"no_prune,omitempty"` // every legal point is evaluated
}

// LayerID names a layer and what it says.
type LayerID struct {
	Name  string `json:"name"`
	Hash  string `json:"hash"`
	Float bool   `json:"float,omitempty"` // it computes floats: there is no cost model, and no accumulator that overflows
}

// AxisDefinition is one axis with its values, a column per hardware key.
type AxisDefinition struct {
	Keys   []string `json:"keys"`
	Values [][]any  `json:"values"`
}

// Derived is a named expression.
type Derived struct {
	Name string `json:"name"`
	Expr string `json:"expr"`
}

// Objective is an expression to make small, or large.
type Objective struct {
	Expr     string `json:"expr"`
	Maximize bool   `json:"maximize,omitempty"`
}

// String is the objective as a sweep file writes it.
func (o Objective) String() string {
	if o.Maximize {
		return "maximize " + o.Expr
	}
	return "minimize " + o.Expr
}

// Identity is a hash of the definition: sweeps with the same one have the same results.
func (d *Definition) Identity() string { return Hash(d)[:32] }

// Base is a hash of what decides a point besides its parameters.
func (d *Definition) Base() string {
	layers := make([]string, len(d.Layers))
	for i, l := range d.Layers {
		layers[i] = l.Hash
	}
	return Hash([]any{d.Model, d.Hardware, layers, d.Frames, d.Board, d.Energy})
}

// Hash is the SHA-256 of the JSON of a value.
func Hash(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic("definition: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Minimized is a value of the objective, so turned that less is better; turned twice it is the value again.
func (o Objective) Minimized(x float64) float64 {
	if o.Maximize {
		return -x
	}
	return x
}
