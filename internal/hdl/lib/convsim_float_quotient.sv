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
    wire [QB-1:0] mantissa = {1'b1, x[51:0], {(NB + 2) {1'b0}}};
    wire [QB-1:0] by = QB'(n);
    wire [QB-1:0] quotient = mantissa / by;
    wire left = quotient * by != mantissa;

    // The leading one to the top, and 53 bits of it.
    logic [ZW-1:0] zeros;
    integer i;
    always_comb begin
        zeros = '0;
        for (i = 0; i <= NB; i = i + 1) if (quotient[QB-1-NB+i]) zeros = ZW'(NB - i);
    end
    wire [QB-1:0] normal = quotient << zeros;
    wire half = normal[QB-54];
    wire rest = left || normal[QB-55:0] != '0;
    wire [53:0] rounded = {1'b0, normal[QB-1:QB-53]} + 54'(half && (rest || normal[QB-53]));
    wire [52:0] kept = rounded[53] ? rounded[53:1] : rounded[52:0]; // all zeros behind a carry
    wire signed [12:0] exponent = $signed({2'b00, x[62:52]}) - 13'(zeros) + 13'(rounded[53]) - 13'sd896;

    // As a float32: 24 bits, or fewer below its normal ones.
    wire below = exponent < 13'sd1;
    wire [12:0] under = 13'sd1 - exponent;
    wire [5:0] down = !below ? 6'd0 : under > 13'd30 ? 6'd30 : under[5:0];
    wire [82:0] moved = {kept, 30'd0} >> down;
    wire [58:0] gone = moved[58:0];
    wire up = gone[58] && (gone[57:0] != '0 || moved[59]);
    wire [12:0] stored = below ? 13'd0 : exponent;
    wire [35:0] packed_value = {stored, moved[81:59]} + 36'(up);
    wire infinite = !below && (exponent > 13'sd254 || packed_value[30:23] == 8'hff);
    wire unused = &{1'b0, moved[82], packed_value[35:31]};
    wire [30:0] magnitude = infinite ? 31'h7f800000 : packed_value[30:0];
    assign y = {x[63], x[62:0] == 63'd0 ? 31'd0 : magnitude};
endmodule
