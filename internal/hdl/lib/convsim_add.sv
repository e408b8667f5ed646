// One adder. It is a module of its own so that synthesis keeps a sum of products
// from becoming one tree of compressors, which takes several times the logic.
module convsim_add #(
    parameter WIDTH = 8
) (
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    output wire [WIDTH-1:0] y
);
    assign y = a + b;
endmodule
