// A float32 as a float64. It must be finite.
module convsim_float_widen (
    input  wire [31:0] x,
    output wire [63:0] y
);
    // Where the leading one of a number below the normal ones is.
    logic [4:0] zeros;
    integer i;
    always_comb begin
        zeros = 5'd23;
        for (i = 0; i < 23; i = i + 1) if (x[i]) zeros = 5'(22 - i);
    end
    wire below = x[30:23] == 8'd0;
    wire [22:0] moved = x[22:0] << zeros << 1;
    wire [10:0] exponent = below ? 11'd896 - 11'(zeros) : 11'd896 + 11'(x[30:23]);
    assign y = x[30:0] == 31'd0 ? {x[31], 63'd0} : {x[31], exponent, below ? moved : x[22:0], 29'd0};
endmodule
