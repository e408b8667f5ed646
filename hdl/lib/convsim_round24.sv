// An integer rounded to 24 significant bits, half to even: what a float32 holds of
// it.
module convsim_round24 #(
    parameter WIDTH = 32
) (
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    localparam LW = $clog2(WIDTH + 1);
    wire sign = in[WIDTH-1];
    wire [WIDTH-1:0] size = sign ? -in : in;
    logic [LW-1:0] drop; // bits below the 24 that stay
    integer i;
    always_comb begin
        drop = '0;
        for (i = 24; i < WIDTH; i = i + 1) if (size[i]) drop = LW'(i - 23);
    end
    wire [WIDTH-1:0] kept;
    convsim_round_shift #(.WIDTH(WIDTH), .SW(LW)) round (.in(size), .shift(drop), .out(kept));
    wire [WIDTH-1:0] rounded = kept << drop;
    assign out = sign ? -rounded : rounded;
endmodule
