// Requantisation by ONNX's rule: ADD is added as int32 does, the sum becomes a
// float32, is multiplied by one, and rounded half to even; then ZP and limits. A
// sum has AB bits that count. Its factor is MANTISSA * 2^lift / 2^SHIFT: without a
// lift for all lanes where WORDS is 0; else there is a word for each beat in turn,
// of a lane: 24 bits of mantissa, and of a lift up to LIFT.
module convsim_requantize_onnx #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter AB = 32,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter ADD = 0,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
    parameter MANTISSA = 0,
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
    localparam VB = ADD != 0 || AB + (ISIGNED == 0 ? 1 : 0) > 32 ? 32 : AB + (ISIGNED == 0 ? 1 : 0);
    localparam LB = LIFT > 0 ? $clog2(LIFT + 1) : 0;
    localparam CB = 24 + LB; // of a lane's word
    localparam PB = VB + LIFT + 24;
    // Registers of the pipeline: behind the sum, the product and the rounding.
    localparam STAGES = LATENCY > 2 ? LATENCY - 2 : 0;
    localparam FIRST = STAGES > 1 ? 1 : 0;
    localparam THIRD = STAGES > 2 ? 1 : 0;
    localparam SECOND = STAGES - FIRST - THIRD;

    wire [LANES*OB-1:0] results;
    wire [LANES*CB-1:0] factors;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign factors = {LANES{CB'(MANTISSA)}};
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * CB), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(factors)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire top = ISIGNED != 0 && s_data[i*IB+AB-1];
            wire [32:0] wide = {{(33 - AB) {top}}, s_data[i*IB +: AB]};
            wire [31:0] sum = $signed(wide[31:0]) + ADD;
            wire sign = sum[VB-1];
            wire [VB-1:0] size = (sum[VB-1:0] ^ {VB{sign}}) + VB'(sign);
            wire [VB-1:0] single;
            convsim_round24 #(.WIDTH(VB)) of_sum (.in(size), .out(single));
            wire [VB+LIFT-1:0] lifted, taken;
            if (LIFT > 0) begin : g_lift
                assign lifted = (VB + LIFT)'(single) << factors[i*CB+24 +: LB];
            end else begin : g_level
                assign lifted = single;
            end
            wire [23:0] mantissa;
            wire sign_taken, sign_made, sign_out;
            convsim_shift #(.WIDTH(VB + LIFT + 1), .LENGTH(FIRST)) first (.aclk(aclk), .in({sign, lifted}), .out({sign_taken, taken}));
            convsim_shift #(.WIDTH(24), .LENGTH(WORDS == 0 ? 0 : FIRST)) beside (.aclk(aclk), .in(factors[i*CB +: 24]), .out(mantissa));
            wire [PB-1:0] product = taken * mantissa;
            wire [PB-1:0] made;
            convsim_shift #(.WIDTH(PB + 1), .LENGTH(SECOND)) second (.aclk(aclk), .in({sign_taken, product}), .out({sign_made, made}));
            wire [OB:0] whole, rounded;
            convsim_round_twice #(.WIDTH(PB), .SHIFT(SHIFT), .OB(OB)) round (.in(made), .out(whole));
            convsim_shift #(.WIDTH(OB + 2), .LENGTH(THIRD)) third (.aclk(aclk), .in({sign_made, whole}), .out({sign_out, rounded}));
            convsim_signed_fit #(.OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.sign(sign_out), .size(rounded), .out(results[i*OB +: OB]));
            wire unused = &{1'b0, wide, sum, s_data[i*IB +: IB]};
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .LATENCY(LATENCY), .DONE(STAGES)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
