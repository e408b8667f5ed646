// A float32 of a sign, an exponent and a mantissa whose top bit is set, of which
// 24 bits stay, or fewer below the normal numbers: rounded half to even. What is too
// large is infinite.
module convsim_float_round #(
    parameter MB = 48
) (
    input  wire               sign,
    input  wire signed [12:0] exponent,
    input  wire [MB-1:0]      mantissa,
    input  wire               zero,
    output logic [31:0]       y
);
    localparam GB = MB + 6; // bits that go, with 30 more
    logic below, up;
    logic [12:0] under, stored;
    logic [5:0] down;
    logic [MB+29:0] moved;
    logic [35:0] packed_value;
    always_comb begin
        below = exponent < 13'sd1;
        under = 13'sd1 - exponent;
        down = !below ? 6'd0 : under > 13'd30 ? 6'd30 : under[5:0];
        moved = {mantissa, 30'd0} >> down;
        up = moved[GB-1] && (moved[GB-2:0] != '0 || moved[GB]);
        stored = below ? 13'd0 : exponent;
        packed_value = {stored, moved[MB+28:GB]} + 36'(up);
        y = {sign, packed_value[30:0]};
        if (!below && (exponent > 13'sd254 || packed_value[30:23] == 8'hff)) y[30:0] = 31'h7f800000;
        if (zero) y[30:0] = 31'd0;
    end
    wire unused = &{1'b0, moved[MB+29], packed_value[35:31]};
endmodule
