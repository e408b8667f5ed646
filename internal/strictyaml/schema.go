package strictyaml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Schema returns the JSON Schema (draft 2020-12) of the files that Decode reads into target. The same type gives
// the same bytes.
func Schema(target any, title string) ([]byte, error) {
	schema := SchemaOf(target)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = title
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", title, err)
	}
	return b.Bytes(), nil
}

// SchemaOf returns the schema of one type, for use inside another. target is a value or pointer of that type.
func SchemaOf(target any) map[string]any {
	t := reflect.TypeOf(target)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return schemaOf(t, limits{})
}

func schemaOf(t reflect.Type, l limits) map[string]any {
	if custom, ok := reflect.New(t).Interface().(NodeDecoder); ok {
		return custom.JSONSchema()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), l)
	case reflect.Struct:
		return structSchema(t)
	case reflect.Slice:
		return listSchema(t, l)
	case reflect.Map:
		return tableSchema(t, l)
	}
	return scalarSchema(t, l)
}

func structSchema(t reflect.Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for _, f := range fieldsOf(t) {
		properties[f.name] = fieldSchema(f)
		if f.required {
			required = append(required, f.name)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func fieldSchema(f field) map[string]any {
	schema := schemaOf(f.typ, f.limits)
	if f.doc != "" {
		schema["description"] = f.doc
	}
	if f.fallback != "" {
		var value any
		if err := defaultNode(f.fallback).Decode(&value); err != nil {
			panic(fmt.Sprintf("strictyaml: tag default:%q: %v", f.fallback, err))
		}
		schema["default"] = value
	}
	return schema
}

func listSchema(t reflect.Type, l limits) map[string]any {
	schema := map[string]any{"type": "array"}
	if l.minLen > 0 {
		schema["minItems"] = l.minLen
		l.minLen = 0
	}
	schema["items"] = schemaOf(t.Elem(), l)
	return schema
}

func tableSchema(t reflect.Type, l limits) map[string]any {
	schema := map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), l)}
	if l.keys != nil {
		schema["propertyNames"] = map[string]any{"enum": l.keys}
	}
	return schema
}

func scalarSchema(t reflect.Type, l limits) map[string]any {
	schema := map[string]any{"type": scalarName(t)}
	if l.minLen > 0 {
		schema["minLength"] = l.minLen
	}
	if l.maxLen > 0 {
		schema["maxLength"] = l.maxLen
	}
	if l.enum != nil {
		schema["enum"] = l.enum
	}
	for key, bound := range map[string]*float64{"minimum": l.min, "maximum": l.max, "exclusiveMinimum": l.above} {
		if bound != nil {
			schema[key] = *bound
		}
	}
	return schema
}

func scalarName(t reflect.Type) string {
	switch v := reflect.New(t).Elem(); {
	case v.Kind() == reflect.Bool:
		return "boolean"
	case v.Kind() == reflect.String:
		return "string"
	case v.CanInt():
		return "integer"
	case v.CanFloat():
		return "number"
	}
	panic(fmt.Sprintf("strictyaml: no schema for %s", t))
}
