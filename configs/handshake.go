package configs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// HandshakeKind says which rule opens a source or sink.
type HandshakeKind uint8

// The rules, in which t is the cycle counted from reset.
const (
	Full   HandshakeKind = iota // open in every cycle
	Every                       // open when t mod Every == Phase
	Burst                       // open On cycles, closed Off cycles, from cycle 0
	Random                      // open or closed by a generator seeded with Seed
	Listed                      // open in Cycles; with Repeat > 0 when t mod Repeat is among them
	Rate                        // as often as BytesPerCycle bytes per cycle allow
	AtDRAM                      // by the port dram, which all that use it share
)

// Handshake says in which cycles a source offers or a sink takes a beat. Fields of other kinds are 0.
type Handshake struct {
	Kind          HandshakeKind
	Every, Phase  int64
	On, Off       int64
	Seed          int64
	Cycles        []int64 // strictly ascending
	Repeat        int64   // 0 if the list is not repeated; else more than the last of Cycles
	File          Path    // where Cycles comes from; empty if the list is in the YAML itself
	BytesPerCycle float64
}

// handshakeFile is the mapping as written: one of the keys says the kind.
type handshakeFile struct {
	Pattern       *string    `yaml:"pattern" enum:"full,dram" doc:"full: open in every cycle; dram: by the port dram."`
	Every         *int64     `yaml:"every" min:"1" max:"1073741824" doc:"Open in cycles t with t mod every == phase."`
	Phase         *int64     `yaml:"phase" min:"0" max:"1073741824" doc:"Phase of every; default 0."`
	Burst         *burstFile `yaml:"burst" doc:"Open for some cycles, then closed for some, from cycle 0."`
	Random        *int64     `yaml:"random" min:"0" max:"2147483647" doc:"Open at random; the number is the seed."`
	Cycles        *[]int64   `yaml:"cycles" minlen:"1" min:"0" max:"1000000000000000" doc:"Open in these cycles, strictly ascending."`
	File          *Path      `yaml:"file" doc:"Text file of ascending cycle numbers, # begins a comment; relative to this file."`
	Repeat        *int64     `yaml:"repeat" min:"1" max:"1000000000000000" doc:"Period of cycles or file: open when t mod repeat is listed."`
	BytesPerCycle *float64   `yaml:"bytes_per_cycle" min:"0.000001" max:"1000000" doc:"Bandwidth in bytes per cycle."`
}

// burstFile is how a burst is written. Its keys were on and off once, which YAML 1.1 takes for true and false; they are
// still read.
type burstFile struct{ Open, Closed int64 }

type burstKeys struct {
	Open   int64 `yaml:"open" required:"true" min:"1" max:"1073741824" doc:"Cycles open."`
	Closed int64 `yaml:"closed" required:"true" min:"0" max:"1073741824" doc:"Cycles closed."`
}

type oldBurstKeys struct {
	On  int64 `yaml:"on" required:"true" min:"1" max:"1073741824"`
	Off int64 `yaml:"off" required:"true" min:"0" max:"1073741824"`
}

// DecodeNode reads the keys of today or those of old.
func (b *burstFile) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode && (child(n, "on") != nil || child(n, "off") != nil) {
		var old oldBurstKeys
		d.Decode(n, path, &old, "")
		*b = burstFile{old.On, old.Off}
		return
	}
	var keys burstKeys
	d.Decode(n, path, &keys, "")
	*b = burstFile(keys)
}

// Allowed says what is legal.
func (b *burstFile) Allowed() string { return "a mapping of open, closed" }

// JSONSchema has the keys of today.
func (b *burstFile) JSONSchema() map[string]any { return strictyaml.SchemaOf(burstKeys{}) }

// handshakeChoices are the keys of which exactly one is given, with the keys that may accompany each.
var handshakeChoices = []struct {
	key  string
	with []string
}{
	{"pattern", nil},
	{"every", []string{"phase"}},
	{"burst", nil},
	{"random", nil},
	{"cycles", []string{"repeat"}},
	{"file", []string{"repeat"}},
	{"bytes_per_cycle", nil},
}

const handshakeAllowed = "exactly one of pattern, every, burst, random, cycles, file, bytes_per_cycle"

// DecodeNode reads one of the mappings that JSONSchema lists.
func (h *Handshake) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var f handshakeFile
	if !d.Decode(n, path, &f, "") || !oneChoice(d, n, path) {
		return
	}
	switch {
	case f.Pattern != nil && *f.Pattern == "dram":
		*h = Handshake{Kind: AtDRAM}
	case f.Pattern != nil:
		*h = Handshake{Kind: Full}
	case f.Every != nil:
		h.setEvery(d, n, path, f)
	case f.Burst != nil:
		*h = Handshake{Kind: Burst, On: f.Burst.Open, Off: f.Burst.Closed}
	case f.Random != nil:
		*h = Handshake{Kind: Random, Seed: *f.Random}
	case f.BytesPerCycle != nil:
		*h = Handshake{Kind: Rate, BytesPerCycle: *f.BytesPerCycle}
	default:
		h.setListed(d, n, path, f)
	}
}

func (h *Handshake) setEvery(d *strictyaml.Decoder, n *yaml.Node, path string, f handshakeFile) {
	*h = Handshake{Kind: Every, Every: *f.Every}
	if f.Phase != nil {
		h.Phase = *f.Phase
	}
	if h.Phase >= h.Every {
		d.Fail(child(n, "phase"), path+".phase", "out of range", fmt.Sprintf("whole number 0..%d, below every", h.Every-1))
	}
}

func (h *Handshake) setListed(d *strictyaml.Decoder, n *yaml.Node, path string, f handshakeFile) {
	*h = Handshake{Kind: Listed}
	if f.Cycles != nil {
		h.Cycles = *f.Cycles
		checkAscending(d, child(n, "cycles"), path+".cycles", h.Cycles)
	} else {
		h.File = *f.File
		h.Cycles = readCycles(d, child(n, "file"), path+".file", h.File)
	}
	if f.Repeat == nil || len(h.Cycles) == 0 {
		return
	}
	h.Repeat = *f.Repeat
	if last := h.Cycles[len(h.Cycles)-1]; h.Repeat <= last {
		d.Fail(child(n, "repeat"), path+".repeat", "out of range", fmt.Sprintf("a period longer than the last cycle, %d", last))
	}
}

func checkAscending(d *strictyaml.Decoder, n *yaml.Node, path string, cycles []int64) {
	for i := 1; i < len(cycles); i++ {
		if cycles[i] <= cycles[i-1] {
			d.Fail(n.Content[i], fmt.Sprintf("%s[%d]", path, i), "not ascending", fmt.Sprintf("a cycle after %d", cycles[i-1]))
		}
	}
}

// oneChoice reports whether exactly one rule is given, and nothing that belongs to another.
func oneChoice(d *strictyaml.Decoder, n *yaml.Node, path string) bool {
	var given, with, foreign []string
	for _, choice := range handshakeChoices {
		if child(n, choice.key) == nil {
			foreign = append(foreign, choice.with...)
			continue
		}
		given = append(given, choice.key)
		with = choice.with
	}
	if len(given) != 1 {
		d.FailText(n, path, fmt.Sprintf("no single rule, got %s; allowed: %s", listOr(given, "none"), handshakeAllowed))
		return false
	}
	foreign = slices.DeleteFunc(foreign, func(key string) bool { return slices.Contains(with, key) })
	return refuseKeys(d, n, path, foreign, append([]string{given[0]}, with...), "beside "+given[0])
}

func listOr(words []string, none string) string {
	if len(words) == 0 {
		return none
	}
	return strings.Join(words, " and ")
}

// Allowed says which mappings are legal.
func (h *Handshake) Allowed() string { return "a mapping of " + handshakeAllowed }

// JSONSchema lists the legal mappings.
func (h *Handshake) JSONSchema() map[string]any {
	properties := strictyaml.SchemaOf(handshakeFile{})["properties"].(map[string]any)
	var variants []any
	for _, choice := range handshakeChoices {
		variants = append(variants, variant(properties, []string{choice.key}, choice.with))
	}
	return map[string]any{"oneOf": variants}
}
