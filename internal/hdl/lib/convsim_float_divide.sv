// A float32 divided by another, rounded half to even. Both must be finite, and the
// second one not 0.
module convsim_float_divide (
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);
    wire signed [10:0] ea, eb;
    wire [23:0] ma, mb;
    wire za, zb;
    convsim_float_parts first (.x(a), .exponent(ea), .mantissa(ma), .zero(za));
    convsim_float_parts second (.x(b), .exponent(eb), .mantissa(mb), .zero(zb));
    // At least 26 bits, and whether something is left.
    wire [49:0] wide = {ma, 26'd0};
    wire [49:0] quotient = wide / 50'(mb);
    wire left = quotient * 50'(mb) != wide;
    wire top = quotient[26];
    wire [27:0] mantissa = {top ? quotient[26:0] : {quotient[25:0], 1'b0}, left};
    wire signed [12:0] exponent = 13'(ea) - 13'(eb) + (top ? 13'sd127 : 13'sd126);
    wire unused = &{1'b0, zb, quotient[49:27]};
    convsim_float_round #(.MB(28)) round (.sign(a[31] ^ b[31]), .exponent(exponent), .mantissa(mantissa), .zero(za), .y(y));
endmodule
