// Requantisation by TFLite's rule: sum * 2^left * SIGNIFICAND / 2^31, rounded with
// ties up, then times 2^lift / 2^RIGHT, rounded with ties away from zero; then ZP
// and limits. A sum has AB bits that count. Left is LEFT and there is no lift where
// WORDS is 0; else there is a word for each beat in turn, of a lane: 31 bits of
// significand, a left up to LEFT, and a lift up to LIFT.
module convsim_requantize_tflite #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter AB = 32,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
    parameter SIGNIFICAND = 0,
    parameter LEFT = 0,
    parameter RIGHT = 0,
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
    localparam EB = WORDS > 0 && LEFT > 0 ? $clog2(LEFT + 1) : 0;
    localparam LB = LIFT > 0 ? $clog2(LIFT + 1) : 0;
    localparam CB = 31 + EB + LB; // of a lane's word
    localparam TB = AB + LEFT;
    localparam PB = TB + 32;
    localparam HB = TB + 1; // of the high half
    localparam QB = HB + LIFT + 1 > RIGHT + OB + 2 ? HB + LIFT + 1 : RIGHT + OB + 2;
    localparam [QB-1:0] ONE = {{(QB - 1) {1'b0}}, 1'b1};
    // Registers of the pipeline: behind the shift to the left, the product and the rounding.
    localparam STAGES = LATENCY > 2 ? LATENCY - 2 : 0;
    localparam FIRST = STAGES > 1 ? 1 : 0;
    localparam THIRD = STAGES > 2 ? 1 : 0;
    localparam SECOND = STAGES - FIRST - THIRD;

    wire [LANES*OB-1:0] results;
    wire [LANES*CB-1:0] factors;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign factors = {LANES{CB'(SIGNIFICAND)}};
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * CB), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(factors)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire signed [TB-1:0] sum = $signed({{LEFT{s_data[i*IB+AB-1]}}, s_data[i*IB +: AB]});
            wire signed [TB-1:0] lefted, taken;
            if (EB > 0) begin : g_left
                assign lefted = $signed(sum << factors[i*CB+31 +: EB]);
            end else begin : g_constant_left
                assign lefted = $signed(sum << LEFT);
            end
            wire signed [31:0] significand;
            assign significand[31] = 1'b0;
            convsim_shift #(.WIDTH(TB), .LENGTH(FIRST)) first (.aclk(aclk), .in(lefted), .out(taken));
            convsim_shift #(.WIDTH(31), .LENGTH(WORDS == 0 ? 0 : FIRST)) beside (.aclk(aclk), .in(factors[i*CB +: 31]), .out(significand[30:0]));
            wire signed [PB-1:0] product = taken * significand;
            wire signed [PB-1:0] made;
            convsim_shift #(.WIDTH(PB), .LENGTH(SECOND)) second (.aclk(aclk), .in(product), .out(made));
            wire [HB-1:0] high = made[31 +: HB] + HB'(made[30]);
            wire sign = high[HB-1];
            wire [HB-1:0] size = (high ^ {HB{sign}}) + HB'(sign);
            wire [QB-1:0] lifted;
            if (LIFT > 0) begin : g_lift
                wire [LB-1:0] lift;
                convsim_shift #(.WIDTH(LB), .LENGTH(FIRST + SECOND)) lift_beside (.aclk(aclk), .in(factors[i*CB+31+EB +: LB]), .out(lift));
                assign lifted = QB'(size) << lift;
            end else begin : g_level
                assign lifted = QB'(size);
            end
            wire [QB-1:0] nudged = lifted + (ONE << RIGHT >> 1);
            wire beyond = |nudged[QB-1:RIGHT+OB];
            wire [OB:0] whole = beyond ? {1'b1, {OB{1'b0}}} : {1'b0, nudged[RIGHT +: OB]};
            wire [OB:0] rounded;
            wire sign_out;
            convsim_shift #(.WIDTH(OB + 2), .LENGTH(THIRD)) third (.aclk(aclk), .in({sign, whole}), .out({sign_out, rounded}));
            convsim_signed_fit #(.OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.sign(sign_out), .size(rounded), .out(results[i*OB +: OB]));
            wire unused = &{1'b0, made, nudged, s_data[i*IB +: IB]};
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .LATENCY(LATENCY), .DONE(STAGES)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
