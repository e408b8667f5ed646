// Package configs reads the YAML files that describe hardware, layers and workloads.
//
// A file becomes plain data: Hardware, Layer, Workload. No time is computed and no tensor is read here. Keys and
// defaults of a layer are those of PyTorch's nn.Conv2d; a pair is [height, width], one number means both. Depths
// are in beats, clocks in MHz, handshake patterns in cycles from reset.
//
// A mistake is reported with file:line:column, the key, the bad value and what is allowed, all mistakes of a file at
// once, as *strictyaml.Errors. Checks made later, such as that of a layer against a hardware, report at the same
// positions through Hardware.Wrong and Layer.Wrong.
//
// The files shipped beside this package are examples and tests at once; configs/schema holds their JSON Schema
// for editors, generated from the same struct tags that the decoder obeys.
package configs

//go:generate go run ./internal/genschema
