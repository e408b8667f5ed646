// in / 2^SHIFT, rounded half to even: just under a half is added, and the lowest
// bit of the quotient, which lifts ties above odd quotients.
module convsim_round_shift #(
    parameter WIDTH = 32,
    parameter SHIFT = 7,
    parameter RB = 26
) (
    input  wire [WIDTH-1:0] in,
    output wire [RB-1:0]    out
);
    localparam ALL = (WIDTH > SHIFT + RB ? WIDTH : SHIFT + RB) + 1;
    wire signed [ALL-1:0] wide = ALL'($signed(in));
    generate
        if (SHIFT == 0) begin : g_whole
            assign out = wide[RB-1:0];
            wire unused = &{1'b0, wide};
        end else begin : g_round
            wire [SHIFT:0] fraction = {wide[SHIFT-1:0], 1'b0};
            wire rest = |fraction[SHIFT-1:0];
            wire lift = fraction[SHIFT] && (wide[SHIFT] || rest);
            assign out = wide[SHIFT +: RB] + RB'(lift);
            wire unused = &{1'b0, wide};
        end
    endgenerate
endmodule
