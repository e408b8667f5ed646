// Package strictyaml decodes YAML into Go structs and reports every mistake at once, each with its position.
//
// A file is parsed to yaml.Node, which keeps line and column, and walked once against the target type. Struct
// tags say what is legal:
//
//	yaml:"pe"           the key; fields without it are not part of the file
//	required:"true"     the key must be there
//	default:"1"         YAML text used when the key is absent
//	min:"1" max:"8"     inclusive bounds; above:"0" is an exclusive lower bound
//	enum:"a,b"          legal texts; keys:"a,b" the legal keys of a map
//	minlen:"1"          least length of a text or list; maxlen:"255" the greatest of a text
//	lines:"true"        a text may have several lines; other texts hold what prints on one, since they are shown
//	doc:"..."           description, for the JSON Schema
//
// Bounds and enums of a list or map hold for its elements. Types with several spellings (a number or a pair)
// implement NodeDecoder. Refused throughout: unknown and duplicate keys, anchors, aliases, merge keys, explicit
// tags, null, a second document, and every silent conversion (1.5 or 010 or "3" to an integer, yes to a bool).
// Positions stay available after decoding, so that later checks can point into the file too.
package strictyaml
