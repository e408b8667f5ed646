package network

// microsoft is the domain of ONNX Runtime's own operators.
const microsoft = "com.microsoft."

// Kind implements Op, as do all below.
func (Conv) Kind() string                     { return "Conv" }
func (ConvInteger) Kind() string              { return "ConvInteger" }
func (q QLinearConv) Kind() string            { return q.Rounding.otherwise("QLinearConv", "QLinearConv") }
func (ConvTranspose) Kind() string            { return "ConvTranspose" }
func (QLinearConvTranspose) Kind() string     { return "convsim.QLinearConvTranspose" }
func (ConvTransposeInteger) Kind() string     { return "convsim.ConvTransposeInteger" }
func (Gemm) Kind() string                     { return "Gemm" }
func (MatMul) Kind() string                   { return "MatMul" }
func (MatMulInteger) Kind() string            { return "MatMulInteger" }
func (QLinearMatMul) Kind() string            { return "QLinearMatMul" }
func (q QGemm) Kind() string                  { return q.Rounding.otherwise(microsoft+"QGemm", "QGemm") }
func (MaxPool) Kind() string                  { return "MaxPool" }
func (AveragePool) Kind() string              { return "AveragePool" }
func (GlobalAveragePool) Kind() string        { return "GlobalAveragePool" }
func (GlobalMaxPool) Kind() string            { return "GlobalMaxPool" }
func (QLinearAveragePool) Kind() string       { return microsoft + "QLinearAveragePool" }
func (QLinearGlobalAveragePool) Kind() string { return microsoft + "QLinearGlobalAveragePool" }
func (u Unary) Kind() string                  { return string(u.Function) }
func (LeakyRelu) Kind() string                { return "LeakyRelu" }
func (c Compare) Kind() string                { return string(c.How) }
func (Where) Kind() string                    { return "Where" }
func (Selu) Kind() string                     { return "Selu" }
func (Celu) Kind() string                     { return "Celu" }
func (ThresholdedRelu) Kind() string          { return "ThresholdedRelu" }
func (Tile) Kind() string                     { return "Tile" }
func (Gather) Kind() string                   { return "Gather" }
func (LayerNormalization) Kind() string       { return "LayerNormalization" }
func (GroupNormalization) Kind() string       { return "GroupNormalization" }
func (Elu) Kind() string                      { return "Elu" }
func (HardSigmoid) Kind() string              { return "HardSigmoid" }
func (Gelu) Kind() string                     { return "Gelu" }
func (Clip) Kind() string                     { return "Clip" }
func (PRelu) Kind() string                    { return "PRelu" }
func (c Combine) Kind() string                { return string(c.How) }
func (Identity) Kind() string                 { return "Identity" }
func (Cast) Kind() string                     { return "Cast" }
func (Table) Kind() string                    { return "convsim.Table" }
func (BatchNormalization) Kind() string       { return "BatchNormalization" }
func (LRN) Kind() string                      { return "LRN" }
func (s Softmax) Kind() string                { return map[bool]string{false: "Softmax", true: "LogSoftmax"}[s.Log] }
func (QLinearSoftmax) Kind() string           { return microsoft + "QLinearSoftmax" }
func (r Reduce) Kind() string                 { return string(r.How) }
func (a ArgMax) Kind() string                 { return map[bool]string{false: "ArgMax", true: "ArgMin"}[a.Min] }
func (Reshape) Kind() string                  { return "Reshape" }
func (Transpose) Kind() string                { return "Transpose" }
func (Concat) Kind() string                   { return "Concat" }
func (Split) Kind() string                    { return "Split" }
func (Slice) Kind() string                    { return "Slice" }
func (Pad) Kind() string                      { return "Pad" }
func (DepthToSpace) Kind() string             { return "DepthToSpace" }
func (SpaceToDepth) Kind() string             { return "SpaceToDepth" }
func (Resize) Kind() string                   { return "Resize" }
func (QuantizeLinear) Kind() string           { return "QuantizeLinear" }
func (DequantizeLinear) Kind() string         { return "DequantizeLinear" }
func (DynamicQuantizeLinear) Kind() string    { return "DynamicQuantizeLinear" }
func (QLinearAdd) Kind() string               { return microsoft + "QLinearAdd" }
func (QLinearMul) Kind() string               { return microsoft + "QLinearMul" }
func (QLinearConcat) Kind() string            { return microsoft + "QLinearConcat" }
func (QLinearSigmoid) Kind() string           { return microsoft + "QLinearSigmoid" }
func (QLinearLeakyRelu) Kind() string         { return microsoft + "QLinearLeakyRelu" }
