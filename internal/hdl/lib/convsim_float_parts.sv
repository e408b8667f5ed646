// The parts of a float32: its exponent and a mantissa whose top bit is set, also of
// numbers below the normal ones.
module convsim_float_parts (
    input  wire [31:0]        x,
    output wire signed [10:0] exponent,
    output wire [23:0]        mantissa,
    output wire               zero
);
    logic [4:0] zeros;
    integer i;
    always_comb begin
        zeros = 5'd23;
        for (i = 0; i < 23; i = i + 1) if (x[i]) zeros = 5'(22 - i);
    end
    wire below = x[30:23] == 8'd0;
    wire [23:0] moved = {x[22:0], 1'b0} << zeros;
    wire unused = &{1'b0, x[31]};
    assign zero = x[30:0] == 31'd0;
    assign exponent = below ? -$signed({6'd0, zeros}) : $signed({3'd0, x[30:23]});
    assign mantissa = below ? moved : {1'b1, x[22:0]};
endmodule
