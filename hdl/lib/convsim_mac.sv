// The sum of LANES products of activations, less their zero point, and weights.
// STAGES registers stand in it: none, one behind the sum, or one behind the
// products and the rest behind the sum.
module convsim_mac #(
    parameter LANES = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter IZP = 0,
    parameter WB = 8,
    parameter SB = 17,
    parameter STAGES = 2
) (
    input  wire                aclk,
    input  wire [LANES*IB-1:0] x,
    input  wire [LANES*WB-1:0] w,
    output wire [SB-1:0]       sum
);
    localparam XB = ISIGNED != 0 && IZP == 0 ? IB : IB + 1;
    localparam PB = XB + WB;

    localparam LEVELS = $clog2(LANES);

    wire [LANES*SB-1:0] products;
    genvar i, l;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_product
            wire sign = ISIGNED != 0 && x[i*IB+IB-1];
            wire [IB:0] wide = {sign, x[i*IB +: IB]} - (IB + 1)'(IZP);
            wire signed [XB-1:0] value = $signed(wide[XB-1:0]);
            wire unused = &{1'b0, wide};
            wire signed [WB-1:0] weight = $signed(w[i*WB +: WB]);
            wire signed [PB-1:0] product = value * weight;
            if (STAGES > 1) begin : g_register
                logic signed [PB-1:0] held;
                always_ff @(posedge aclk) held <= product;
                assign products[i*SB +: SB] = {{(SB - PB) {held[PB-1]}}, held};
            end else begin : g_wire
                assign products[i*SB +: SB] = {{(SB - PB) {product[PB-1]}}, product};
            end
        end
        // Two by two, level by level; one that is left over goes on as it is.
        for (l = 0; l <= LEVELS; l = l + 1) begin : g_level
            localparam TERMS = (LANES + (1 << l) - 1) >> l;
            wire [TERMS*SB-1:0] terms;
            if (l == 0) begin : g_first
                assign terms = products;
            end else begin : g_sums
                localparam BEFORE = (LANES + (1 << (l - 1)) - 1) >> (l - 1);
                for (i = 0; i < TERMS; i = i + 1) begin : g_sum
                    if (2 * i + 1 < BEFORE) begin : g_two
                        convsim_add #(.WIDTH(SB)) add (
                            .a(g_level[l-1].terms[2*i*SB +: SB]), .b(g_level[l-1].terms[(2*i+1)*SB +: SB]), .y(terms[i*SB +: SB])
                        );
                    end else begin : g_one
                        assign terms[i*SB +: SB] = g_level[l-1].terms[2*i*SB +: SB];
                    end
                end
            end
        end
        if (STAGES == 0) begin : g_none
            assign sum = g_level[LEVELS].terms;
            wire unused = &{1'b0, aclk};
        end else begin : g_behind
            convsim_shift #(.WIDTH(SB), .LENGTH(STAGES > 1 ? STAGES - 1 : 1)) registers (
                .aclk(aclk), .in(g_level[LEVELS].terms), .out(sum)
            );
        end
    endgenerate
endmodule
