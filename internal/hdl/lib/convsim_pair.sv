// Two products with one factor out of one multiplier: the other two factors stand
// in one operand, KB bits apart. A lower product below zero borrows one from the
// upper product, which is given back.
module convsim_pair #(
    parameter XB = 8,
    parameter WB = 8,
    parameter KB = 16,
    parameter REGISTER = 0
) (
    input  wire                    aclk,
    input  wire signed [XB-1:0]    x,
    input  wire [WB-1:0]           w0,
    input  wire [WB-1:0]           w1,
    output wire [XB+WB-1:0]        p0,
    output wire [XB+WB-1:0]        p1
);
    localparam PB = XB + WB;
    localparam OB = KB + WB + 1;
    wire signed [WB:0] upper = (WB + 1)'($signed(w1)) + {(WB + 1) {w0[WB-1]}};
    wire signed [OB-1:0] both = $signed({upper, KB'($signed(w0))});
    wire signed [OB+XB-1:0] product = both * x;
    wire [OB+XB-1:0] taken;
    convsim_shift #(.WIDTH(OB + XB), .LENGTH(REGISTER)) register (.aclk(aclk), .in(product), .out(taken));
    assign p0 = {{(PB - KB) {taken[KB-1]}}, taken[KB-1:0]};
    assign p1 = taken[KB +: PB] + PB'(taken[KB-1]);
    wire unused = &{1'b0, taken};
endmodule
