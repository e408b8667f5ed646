// The product of two float32 numbers, rounded half to even. Both must be finite; of
// 0 and anything it is 0.
module convsim_float_multiply (
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);
    wire signed [10:0] ea, eb;
    wire [23:0] ma, mb;
    wire za, zb;
    convsim_float_parts first (.x(a), .exponent(ea), .mantissa(ma), .zero(za));
    convsim_float_parts second (.x(b), .exponent(eb), .mantissa(mb), .zero(zb));
    wire [47:0] product = ma * mb;
    wire top = product[47];
    wire signed [12:0] exponent = 13'(ea) + 13'(eb) - (top ? 13'sd126 : 13'sd127);
    convsim_float_round #(.MB(48)) round (
        .sign(a[31] ^ b[31]), .exponent(exponent), .mantissa(top ? product : product << 1), .zero(za || zb), .y(y)
    );
endmodule
