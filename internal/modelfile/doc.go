// Package modelfile reads what a file that names a model may be: an ONNX model, a
// network file, or a layer file of an operation that runs as a network of one layer.
package modelfile
