// The sum of two places of a ring of DEPTH.
module convsim_around #(
    parameter DEPTH = 2,
    parameter PW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  wire [PW-1:0] a,
    input  wire [PW-1:0] b,
    output wire [PW-1:0] y
);
    wire [PW:0] sum = {1'b0, a} + {1'b0, b};
    wire [PW:0] less = sum - (PW + 1)'(DEPTH);
    assign y = less[PW] ? sum[PW-1:0] : less[PW-1:0];
endmodule
