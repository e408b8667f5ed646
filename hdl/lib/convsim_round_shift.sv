// in / 2^shift, rounded half to even: just under a half is added, and the lowest
// bit of the quotient, which lifts ties above odd quotients.
module convsim_round_shift #(
    parameter WIDTH = 48,
    parameter SW = 6
) (
    input  wire [WIDTH-1:0] in,
    input  wire [SW-1:0]    shift,
    output wire [WIDTH-1:0] out
);
    wire odd = |(in & (WIDTH'(1) << shift));
    wire [WIDTH-1:0] half = (WIDTH'(1) << shift) >> 1;
    wire [WIDTH-1:0] nudge = half - WIDTH'(1) + WIDTH'(odd);
    wire signed [WIDTH-1:0] nudged = $signed(in + nudge);
    wire signed [WIDTH-1:0] rounded = nudged >>> shift;
    assign out = shift == '0 ? in : rounded;
endmodule
