package configs

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

// Setting is a key of a hardware file with its value as text.
type Setting struct {
	Key   string // such as array.pe
	Value string
}

// Settings are the keys of a hardware, defaults included, in the order of the schema;
// the name aside; of a board its name, of layers what the file says of them.
func (h *Hardware) Settings() []Setting {
	var list []Setting
	settings(&list, "", reflect.ValueOf(h).Elem())
	return slices.DeleteFunc(list, func(s Setting) bool { return s.Key == "name" })
}

func settings(list *[]Setting, key string, v reflect.Value) {
	add := func(key, value string) { *list = append(*list, Setting{key, value}) }
	switch value := v.Interface().(type) {
	case Overrides:
		for _, o := range value {
			nodeSettings(list, key+"."+o.pattern, o.node)
		}
		return
	case BoardRef:
		if value.Board != nil {
			add(key, value.Board.Name)
		}
		return
	case Handshake:
		add(key, value.words())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case f.Anonymous:
				settings(list, key, v.Field(i))
			case f.IsExported():
				settings(list, joined(key, f.Tag.Get("yaml")), v.Field(i))
			}
		}
	case reflect.Map:
		entries := v.Interface().(map[string]int)
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			add(key+"."+name, fmt.Sprint(entries[name]))
		}
	default:
		add(key, fmt.Sprint(v.Interface()))
	}
}

// nodeSettings are the keys as the file has them.
func nodeSettings(list *[]Setting, key string, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		*list = append(*list, Setting{key, n.Value})
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		nodeSettings(list, key+"."+n.Content[i].Value, n.Content[i+1])
	}
}

func joined(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// words say when a handshake is open, as the file does.
func (h Handshake) words() string {
	switch h.Kind {
	case Every:
		return fmt.Sprintf("every %d, phase %d", h.Every, h.Phase)
	case Burst:
		return fmt.Sprintf("burst: open %d, closed %d", h.On, h.Off)
	case Random:
		return fmt.Sprintf("random %d", h.Seed)
	case Listed:
		return fmt.Sprintf("repeat %d, cycles %v", h.Repeat, h.Cycles)
	case Rate:
		return fmt.Sprintf("bytes_per_cycle %g", h.BytesPerCycle)
	case AtDRAM:
		return "dram"
	}
	return "full"
}
