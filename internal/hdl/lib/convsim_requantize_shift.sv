// Requantisation by powers of two: of every lane, sum * 2^lift / 2^SHIFT rounded
// half to even, plus ZP, limited to MIN and MAX. A sum has AB bits that count. There
// is no lift where WORDS is 0; else there is a word for each beat in turn, of a
// lane the bits of a lift up to LIFT.
module convsim_requantize_shift #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter AB = 32,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
    parameter SHIFT = 0,
    parameter LIFT = 0,
    parameter WORDS = 0,
    parameter FILE = "requantize.mem",
    parameter LATENCY = 1
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                s_valid,
    output wire                s_ready,
    input  wire [LANES*IB-1:0] s_data,
    output wire                m_valid,
    input  wire                m_ready,
    output wire [LANES*OB-1:0] m_data
);
    localparam VB = AB + (ISIGNED == 0 ? 1 : 0);
    localparam LB = LIFT > 0 ? $clog2(LIFT + 1) : 1;
    localparam WB = VB + LIFT;
    localparam RB = WB > SHIFT ? WB - SHIFT + 1 : 2; // of what is rounded
    // Registers of the pipeline: behind the lift and behind the rounding.
    localparam STAGES = LATENCY > 2 ? LATENCY - 2 : 0;
    localparam FIRST = STAGES > 1 ? 1 : 0;
    localparam SECOND = STAGES - FIRST;

    wire [LANES*OB-1:0] results;
    wire [LANES*LB-1:0] lifts;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign lifts = '0;
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * LB), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(lifts)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire top = ISIGNED != 0 && s_data[i*IB+AB-1];
            wire [VB:0] wide = {{(VB + 1 - AB) {top}}, s_data[i*IB +: AB]};
            wire signed [WB-1:0] sum = $signed({{LIFT{wide[VB-1]}}, wide[VB-1:0]});
            wire signed [WB-1:0] lifted = $signed(sum << lifts[i*LB +: LB]);
            wire signed [WB-1:0] taken;
            convsim_shift #(.WIDTH(WB), .LENGTH(FIRST)) first (.aclk(aclk), .in(lifted), .out(taken));
            wire [RB-1:0] whole, rounded;
            convsim_round_shift #(.WIDTH(WB), .SHIFT(SHIFT), .RB(RB)) round (.in(taken), .out(whole));
            convsim_shift #(.WIDTH(RB), .LENGTH(SECOND)) second (.aclk(aclk), .in(whole), .out(rounded));
            convsim_fit #(.WIDTH(RB), .OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.in(rounded), .out(results[i*OB +: OB]));
            wire unused = &{1'b0, wide[VB], s_data[i*IB +: IB]};
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .LATENCY(LATENCY), .DONE(STAGES)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
