// For each of ROWS rows of weights, one or two, the sum of LANES products with
// activations less their zero point. Two rows share their multipliers. STAGES
// registers stand in it: none, one behind the sum, or one behind the products and
// the rest in the sum.
module convsim_mac #(
    parameter ROWS = 1,
    parameter LANES = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter IZP = 0,
    parameter WB = 8,
    parameter SB = 16,
    parameter STAGES = 2
) (
    input  wire                     aclk,
    input  wire [LANES*IB-1:0]      x,
    input  wire [ROWS*LANES*WB-1:0] w,
    output wire [ROWS*SB-1:0]       sum
);
    localparam XB = ISIGNED != 0 && IZP == 0 ? IB : IB + 1;
    localparam PB = XB + WB;
    localparam BEHIND = STAGES > 1 ? 1 : 0;

    wire [ROWS*LANES*PB-1:0] products;
    genvar i, r;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_product
            wire sign = ISIGNED != 0 && x[i*IB+IB-1];
            wire [IB:0] wide = {sign, x[i*IB +: IB]} - (IB + 1)'(IZP);
            wire signed [XB-1:0] value = $signed(wide[XB-1:0]);
            wire unused = &{1'b0, wide};
            if (ROWS == 2) begin : g_pair
                convsim_pair #(.XB(XB), .WB(WB), .KB(IB + WB), .REGISTER(BEHIND)) pair (
                    .aclk(aclk), .x(value), .w0(w[i*WB +: WB]), .w1(w[(LANES+i)*WB +: WB]),
                    .p0(products[i*PB +: PB]), .p1(products[(LANES+i)*PB +: PB])
                );
            end else begin : g_one
                wire signed [PB-1:0] product = value * $signed(w[i*WB +: WB]);
                convsim_shift #(.WIDTH(PB), .LENGTH(BEHIND)) register (.aclk(aclk), .in(product), .out(products[i*PB +: PB]));
            end
        end
        for (r = 0; r < ROWS; r = r + 1) begin : g_row
            convsim_tree #(.LANES(LANES), .TB(PB), .SB(SB), .REGISTERS(STAGES - BEHIND)) tree (
                .aclk(aclk), .terms(products[r*LANES*PB +: LANES*PB]), .sum(sum[r*SB +: SB])
            );
        end
    endgenerate
endmodule
