package configs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// operators are those of a network by kind, with the fields set that the kind says.
// Their other fields are keys of a network file.
var operators = func() map[string]network.Op {
	all := []network.Op{
		network.Conv{}, network.ConvInteger{}, network.QLinearConv{}, network.ConvTranspose{}, network.ConvTransposeInteger{},
		network.QLinearConvTranspose{}, network.Gemm{}, network.MatMul{}, network.MatMulInteger{}, network.QLinearMatMul{},
		network.QGemm{}, network.MaxPool{}, network.AveragePool{}, network.GlobalAveragePool{}, network.GlobalMaxPool{},
		network.QLinearAveragePool{}, network.QLinearGlobalAveragePool{}, network.LeakyRelu{}, network.Elu{}, network.Selu{},
		network.Celu{}, network.ThresholdedRelu{}, network.LayerNormalization{}, network.GroupNormalization{}, network.Tile{}, network.Gather{},
		network.Where{},
		network.HardSigmoid{}, network.Gelu{}, network.Clip{}, network.PRelu{}, network.Identity{}, network.Cast{},
		network.Table{}, network.BatchNormalization{}, network.LRN{}, network.Softmax{}, network.Softmax{Log: true},
		network.QLinearSoftmax{}, network.ArgMax{}, network.ArgMax{Min: true}, network.Reshape{}, network.Transpose{},
		network.Concat{}, network.Split{}, network.Slice{}, network.Pad{}, network.DepthToSpace{}, network.SpaceToDepth{},
		network.Resize{}, network.QuantizeLinear{}, network.DequantizeLinear{}, network.DynamicQuantizeLinear{},
		network.QLinearAdd{}, network.QLinearMul{}, network.QLinearConcat{}, network.QLinearSigmoid{}, network.QLinearLeakyRelu{},
	}
	for _, f := range network.Functions() {
		all = append(all, network.Unary{Function: f})
	}
	for _, how := range []network.Combination{network.Add, network.Sub, network.Mul, network.Div, network.Pow, network.Sum,
		network.Mean, network.Max, network.Min} {
		all = append(all, network.Combine{How: how})
	}
	for _, how := range network.Comparisons() {
		all = append(all, network.Compare{How: how})
	}
	for _, how := range network.Reductions() {
		all = append(all, network.Reduce{How: how})
	}
	byKind := map[string]network.Op{}
	for _, op := range all {
		byKind[op.Kind()] = op
	}
	return byKind
}()

// byKind are fields of operators that their kind says.
var byKind = map[string]bool{"Function": true, "How": true, "Log": true, "Min": true}

// ones are fields that are 1 unless a file says otherwise.
var ones = map[string]bool{"Stride": true, "Dilation": true, "Groups": true}

// written is the type by which a file writes values of a type of Go.
func written(t reflect.Type) reflect.Type {
	switch t {
	case reflect.TypeFor[conv.Pair]():
		return reflect.TypeFor[counts]()
	case reflect.TypeFor[conv.Padding]():
		return reflect.TypeFor[padding]()
	case reflect.TypeFor[network.Quant]():
		return reflect.TypeFor[*quantFile]()
	case reflect.TypeFor[[]float32]():
		return reflect.TypeFor[floats]()
	case reflect.TypeFor[tensor.DType](), reflect.TypeFor[conv.PaddingMode](), reflect.TypeFor[network.PadMode](),
		reflect.TypeFor[network.ResizeMode]():
		return reflect.TypeFor[string]()
	}
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		return reflect.TypeFor[number]()
	case reflect.Struct:
		return reflect.StructOf(keysOf(t, false))
	case reflect.Pointer:
		return reflect.PointerTo(written(t.Elem()))
	case reflect.Slice, reflect.Array:
		return reflect.SliceOf(written(t.Elem()))
	case reflect.String:
		return reflect.TypeFor[string]()
	}
	return t
}

// keysOf are the fields of a mapping that stands for a struct.
func keysOf(t reflect.Type, op bool) []reflect.StructField {
	var keys []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if op && byKind[f.Name] {
			continue
		}
		tag := fmt.Sprintf("yaml:%q", key(f.Name))
		if ones[f.Name] {
			tag += ` default:"1"`
		}
		if words := wordsOf(f.Type); words != nil {
			tag += fmt.Sprintf(" enum:%q", strings.Join(words, ","))
		}
		keys = append(keys, reflect.StructField{Name: f.Name, Type: written(f.Type), Tag: reflect.StructTag(tag)})
	}
	return keys
}

// key is a field's name as files write it: "output_padding", "x_zero".
func key(name string) string {
	var b strings.Builder
	for i, r := range name {
		next := i+1 < len(name) && unicode.IsLower(rune(name[i+1]))
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(rune(name[i-1])) || next) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// wordsOf are the names of the values of a type, in their order, nil for none.
func wordsOf(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[conv.PaddingMode]():
		return []string{"zeros", "reflect", "replicate", "circular"}
	case reflect.TypeFor[network.PadMode]():
		return []string{"constant", "reflect", "edge", "wrap"}
	case reflect.TypeFor[network.ResizeMode]():
		return []string{"nearest", "linear"}
	case reflect.TypeFor[tensor.DType]():
		return dtypeNames
	}
	return nil
}

// dtypeNames are the element types a tensor may have.
var dtypeNames = []string{"int4", "uint4", "int8", "uint8", "int16", "int32", "int64", "float32", "float64"}

// toGo copies a value as written to one of Go.
func toGo(from, to reflect.Value) error {
	switch f := from.Interface().(type) {
	case counts:
		to.Set(reflect.ValueOf(conv.Pair(f)))
		return nil
	case padding:
		to.Set(reflect.ValueOf(conv.Padding(f)))
		return nil
	case *quantFile:
		if f != nil {
			to.Set(reflect.ValueOf(f.quant()))
		}
		return nil
	case floats:
		to.Set(reflect.ValueOf([]float32(f)))
		return nil
	case number:
		to.SetFloat(float64(f))
		return nil
	case string:
		return wordToGo(f, to)
	}
	switch to.Kind() {
	case reflect.Struct:
		for i := range from.NumField() {
			if err := toGo(from.Field(i), to.FieldByName(from.Type().Field(i).Name)); err != nil {
				return err
			}
		}
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(to.Type().Elem()))
			return toGo(from.Elem(), to.Elem())
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		}
		return eachToGo(from, to)
	case reflect.Array:
		if from.Len() != to.Len() {
			return fmt.Errorf("a list of %d; allowed: %d", from.Len(), to.Len())
		}
		return eachToGo(from, to)
	default:
		to.Set(from.Convert(to.Type()))
	}
	return nil
}

func eachToGo(from, to reflect.Value) error {
	for i := range from.Len() {
		if err := toGo(from.Index(i), to.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// wordToGo reads a word. An empty one is what a key left out stands for.
func wordToGo(word string, to reflect.Value) error {
	if to.Type() == reflect.TypeFor[tensor.DType]() {
		to.Set(reflect.ValueOf(dtype(word)))
		return nil
	}
	words := wordsOf(to.Type())
	if words == nil {
		to.SetString(word)
		return nil
	}
	if i := slices.Index(words, word); i >= 0 {
		to.SetUint(uint64(i))
	}
	return nil
}
