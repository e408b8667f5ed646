// A register that sums up. One that wraps round starts from the bias; one that
// saturates starts from nothing, stays at its limits, and adds the bias last.
module convsim_accumulator #(
    parameter SB = 17,
    parameter AB = 32,
    parameter BB = 32,
    parameter SATURATE = 0
) (
    input  wire           aclk,
    input  wire           moves,
    input  wire           starts,
    input  wire           ends,
    input  wire [BB-1:0]  bias,
    input  wire [SB-1:0]  sum,
    output logic [AB-1:0] held
);
    generate
        if (SATURATE != 0) begin : g_saturate
            localparam SUM = SB > AB ? SB : AB;
            localparam WIDE = (SUM > BB ? SUM : BB) + 2;
            localparam signed [WIDE-1:0] MOST = WIDE'($signed({1'b0, {(AB - 1) {1'b1}}}));
            localparam signed [WIDE-1:0] LEAST = -MOST - 1;
            wire signed [WIDE-1:0] had = starts ? '0 : WIDE'($signed(held));
            wire signed [WIDE-1:0] grown = had + WIDE'($signed(sum));
            wire signed [WIDE-1:0] kept = grown > MOST ? MOST : grown < LEAST ? LEAST : grown;
            wire signed [WIDE-1:0] biased = kept + WIDE'($signed(bias));
            wire signed [WIDE-1:0] limited = biased > MOST ? MOST : biased < LEAST ? LEAST : biased;
            wire [WIDE-1:0] result = ends ? limited : kept;
            wire unused = &{1'b0, result[WIDE-1:AB]};
            always_ff @(posedge aclk) if (moves) held <= result[AB-1:0];
        end else begin : g_wrap
            localparam WIDE = ((SB > AB ? SB : AB) > BB ? (SB > AB ? SB : AB) : BB) + 1;
            wire signed [WIDE-1:0] had = starts ? WIDE'($signed(bias)) : WIDE'($signed(held));
            wire [WIDE-1:0] result = had + WIDE'($signed(sum));
            wire unused = &{1'b0, ends, result};
            always_ff @(posedge aclk) if (moves) held <= result[AB-1:0];
        end
    endgenerate
endmodule
