// The sum of LANES terms, two by two, level by level; one that is left over goes on
// as it is. Each level is a bit wider. REGISTERS stand behind the last levels, those
// that there are no levels for behind the sum.
module convsim_tree #(
    parameter LANES = 1,
    parameter TB = 16,
    parameter SB = 16,
    parameter REGISTERS = 0
) (
    input  wire                aclk,
    input  wire [LANES*TB-1:0] terms,
    output wire [SB-1:0]       sum
);
    localparam LEVELS = $clog2(LANES);
    genvar l, i;
    generate
        for (l = 0; l <= LEVELS; l = l + 1) begin : g_level
            localparam TERMS = (LANES + (1 << l) - 1) >> l;
            localparam WB = TB + l;
            wire [TERMS*WB-1:0] sums;
            if (l == 0) begin : g_first
                assign sums = terms;
            end else begin : g_sums
                localparam BEFORE = (LANES + (1 << (l - 1)) - 1) >> (l - 1);
                wire [TERMS*WB-1:0] made;
                for (i = 0; i < TERMS; i = i + 1) begin : g_sum
                    wire [WB-1:0] a = WB'($signed(g_level[l-1].sums[2*i*(WB-1) +: WB-1]));
                    if (2 * i + 1 < BEFORE) begin : g_two
                        convsim_add #(.WIDTH(WB)) add (
                            .a(a), .b(WB'($signed(g_level[l-1].sums[(2*i+1)*(WB-1) +: WB-1]))), .y(made[i*WB +: WB])
                        );
                    end else begin : g_one
                        assign made[i*WB +: WB] = a;
                    end
                end
                convsim_shift #(.WIDTH(TERMS * WB), .LENGTH(l > LEVELS - REGISTERS ? 1 : 0)) registers (.aclk(aclk), .in(made), .out(sums));
            end
        end
    endgenerate
    convsim_shift #(.WIDTH(SB), .LENGTH(REGISTERS > LEVELS ? REGISTERS - LEVELS : 0)) behind (
        .aclk(aclk), .in(g_level[LEVELS].sums), .out(sum)
    );
endmodule
