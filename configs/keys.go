package configs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// entry returns the key and value of a mapping's entry, nil if it is not there.
func entry(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// child returns the value of a key in a mapping, nil if it is not there.
func child(n *yaml.Node, name string) *yaml.Node {
	_, value := entry(n, name)
	return value
}

// refuseKeys reports the keys of a mapping that do not go with the others, why saying with which, and returns
// whether there were none.
func refuseKeys(d *strictyaml.Decoder, n *yaml.Node, path string, refused, legal []string, why string) bool {
	ok := true
	for _, name := range refused {
		if key, _ := entry(n, name); key != nil {
			d.Fail(key, path+"."+name, "key not allowed "+why, strings.Join(legal, ", "))
			ok = false
		}
	}
	return ok
}

// needKeys reports the keys that a mapping lacks for the given rule.
func needKeys(d *strictyaml.Decoder, n *yaml.Node, path string, needed []string, rule string) {
	for _, name := range needed {
		if child(n, name) == nil {
			d.FailText(n, path+"."+name, fmt.Sprintf("missing with %s, got nothing; allowed: %s with %s", rule, rule, strings.Join(needed, ", ")))
		}
	}
}

// variant is the schema of a mapping that has all of the required keys, perhaps some optional ones, and no others.
func variant(properties map[string]any, required, optional []string) map[string]any {
	own := map[string]any{}
	for _, key := range append(slices.Clone(required), optional...) {
		own[key] = properties[key]
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": own, "required": required}
}
