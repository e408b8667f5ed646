// Requantisation by ONNX's rule: ADD is added as int32 does, the sum becomes a
// float32, is multiplied by one, and rounded half to even; then ZP and limits. A
// factor is MANTISSA / 2^SHIFT, for all lanes where WORDS is 0; else there is a
// word of them, SHIFT in bits 24 to 30, for each beat in turn.
module convsim_requantize_onnx #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter ADD = 0,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
    parameter MANTISSA = 0,
    parameter SHIFT = 0,
    parameter WORDS = 0,
    parameter FILE = "requantize.mem",
    parameter PIPELINE = 0,
    parameter CREDITS = 4
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
    wire [LANES*OB-1:0] results;
    wire [LANES*31-1:0] factors;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign factors = {LANES{7'(SHIFT), 24'(MANTISSA)}};
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * 31), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(factors)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire sign = ISIGNED != 0 && s_data[i*IB+IB-1];
            wire [32:0] wide = {{(33 - IB) {sign}}, s_data[i*IB +: IB]};
            wire signed [31:0] sum = $signed(wide[31:0]) + ADD;
            wire [33:0] single;
            convsim_round24 #(.WIDTH(34)) of_sum (.in(34'(sum)), .out(single));
            wire signed [58:0] product = $signed(single) * $signed({1'b0, factors[i*31 +: 24]});
            wire [58:0] scaled, rounded;
            convsim_round24 #(.WIDTH(59)) of_product (.in(product), .out(scaled));
            convsim_round_shift #(.WIDTH(59), .SW(7)) round (.in(scaled), .shift(factors[i*31+24 +: 7]), .out(rounded));
            convsim_fit #(.WIDTH(59), .OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.in(rounded), .out(results[i*OB +: OB]));
            wire unused = &{1'b0, wide[32]};
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .PIPELINE(PIPELINE), .CREDITS(CREDITS)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
