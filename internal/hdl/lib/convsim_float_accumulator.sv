// A register that sums float32 numbers up from 0 on, and adds the bias, if there is
// one, last.
module convsim_float_accumulator #(
    parameter BIAS = 0
) (
    input  wire         aclk,
    input  wire         moves,
    input  wire         starts,
    input  wire         ends,
    input  wire [31:0]  bias,
    input  wire [31:0]  sum,
    output logic [31:0] held
);
    wire [31:0] grown, result;
    convsim_float_add add (.a(starts ? 32'd0 : held), .b(sum), .y(grown));
    generate
        if (BIAS != 0) begin : g_bias
            wire [31:0] biased;
            convsim_float_add last (.a(grown), .b(bias), .y(biased));
            assign result = ends ? biased : grown;
        end else begin : g_none
            wire unused = &{1'b0, ends, bias};
            assign result = grown;
        end
    endgenerate
    always_ff @(posedge aclk) if (moves) held <= result;
endmodule
