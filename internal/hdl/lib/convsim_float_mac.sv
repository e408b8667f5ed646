// For a row of weights the sum of LANES products of float32, from 0 on, one after
// the other, each rounded. STAGES registers stand behind it.
module convsim_float_mac #(
    parameter LANES = 1,
    parameter STAGES = 2
) (
    input  wire                aclk,
    input  wire [LANES*32-1:0] x,
    input  wire [LANES*32-1:0] w,
    output wire [31:0]         sum
);
    wire [(LANES+1)*32-1:0] sums;
    assign sums[31:0] = 32'd0;
    genvar i;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire [31:0] product;
            convsim_float_multiply multiply (.a(x[i*32 +: 32]), .b(w[i*32 +: 32]), .y(product));
            convsim_float_add add (.a(sums[i*32 +: 32]), .b(product), .y(sums[(i+1)*32 +: 32]));
        end
    endgenerate
    convsim_shift #(.WIDTH(32), .LENGTH(STAGES)) registers (.aclk(aclk), .in(sums[LANES*32 +: 32]), .out(sum));
endmodule
