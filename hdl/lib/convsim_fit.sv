// in + ZP, limited to MIN and MAX.
module convsim_fit #(
    parameter WIDTH = 48,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127
) (
    input  wire [WIDTH-1:0] in,
    output wire [OB-1:0]    out
);
    localparam signed [WIDTH-1:0] ZERO = WIDTH'($signed(ZP));
    localparam signed [WIDTH-1:0] LEAST = WIDTH'($signed(MIN));
    localparam signed [WIDTH-1:0] MOST = WIDTH'($signed(MAX));
    wire signed [WIDTH-1:0] moved = $signed(in) + ZERO;
    wire [WIDTH-1:0] limited = moved < LEAST ? LEAST : moved > MOST ? MOST : moved;
    assign out = limited[OB-1:0];
    wire unused = &{1'b0, limited};
endmodule
