// Requantisation by TFLite's rule: sum * 2^LEFT * SIGNIFICAND / 2^31, rounded with
// ties up, then divided by 2^RIGHT, rounded with ties away from zero; then ZP and
// limits. For all lanes where WORDS is 0; else there is a word for each beat in
// turn, of a lane: 31 bits of SIGNIFICAND, five each of LEFT and RIGHT.
module convsim_requantize_tflite #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
    parameter SIGNIFICAND = 0,
    parameter LEFT = 0,
    parameter RIGHT = 0,
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
    wire [LANES*41-1:0] factors;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign factors = {LANES{5'(RIGHT), 5'(LEFT), 31'(SIGNIFICAND)}};
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * 41), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(factors)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire signed [31:0] sum = $signed({{(32 - IB) {s_data[i*IB+IB-1]}}, s_data[i*IB +: IB]});
            wire [4:0] left = factors[i*41+31 +: 5];
            wire [4:0] right = factors[i*41+36 +: 5];
            wire signed [63:0] product = sum * $signed({1'b0, factors[i*41 +: 31]});
            wire signed [63:0] nudged = product + $signed(64'h40000000 >> left);
            wire signed [63:0] high = nudged >>> (5'd31 - left);
            wire [63:0] size = high < 0 ? -high : high;
            wire [63:0] divided = (size + ((64'd1 << right) >> 1)) >> right;
            wire [63:0] rounded = high < 0 ? -divided : divided;
            convsim_fit #(.WIDTH(64), .OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.in(rounded), .out(results[i*OB +: OB]));
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .PIPELINE(PIPELINE), .CREDITS(CREDITS)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
