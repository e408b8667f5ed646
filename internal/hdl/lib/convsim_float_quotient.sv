// A float64 divided by a whole number, rounded half to even, as a float32, rounded
// again. The float64 must be finite, and 0 or far above the least normal one.
module convsim_float_quotient #(
    parameter NB = 8
) (
    input  wire [63:0]   x,
    input  wire [NB-1:0] n,
    output wire [31:0]   y
);
    // Fifty-five bits at least, and whether something is left.
    localparam QB = 55 + NB;
    localparam ZW = $clog2(NB + 2);
    localparam integer END = NB + 1;
    wire [QB-1:0] mantissa = {1'b1, x[51:0], {(NB + 2) {1'b0}}};
    wire [QB-1:0] by = QB'(n);
    wire [QB-1:0] quotient = mantissa / by;
    wire left = quotient * by != mantissa;

    // The leading one to the top, and 53 bits of it.
    logic [ZW-1:0] zeros;
    integer i;
    always_comb begin
        zeros = '0;
        for (i = 0; i < END; i = i + 1) if (quotient[QB-1-NB+i]) zeros = ZW'(NB - i);
    end
    wire [QB-1:0] normal = quotient << zeros;
    wire half = normal[QB-54];
    wire rest = left || normal[QB-55:0] != '0;
    wire [53:0] rounded = {1'b0, normal[QB-1:QB-53]} + 54'(half && (rest || normal[QB-53]));
    wire [52:0] kept = rounded[53] ? rounded[53:1] : rounded[52:0]; // all zeros behind a carry
    wire signed [12:0] exponent = $signed({2'b00, x[62:52]}) - 13'(zeros) + 13'(rounded[53]) - 13'sd896;

    convsim_float_round #(.MB(53)) round (.sign(x[63]), .exponent(exponent), .mantissa(kept), .zero(x[62:0] == 63'd0), .y(y));
endmodule
