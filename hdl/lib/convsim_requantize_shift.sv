// Requantisation by powers of two: of every lane, sum / 2^shift rounded half to
// even, plus ZP, limited to MIN and MAX. SHIFT holds where WORDS is 0; else there
// is a word of shifts, six bits a lane, for each beat in turn.
module convsim_requantize_shift #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127,
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
    wire [LANES*6-1:0] shifts;
    genvar i;
    generate
        if (WORDS == 0) begin : g_constant
            assign shifts = {LANES{6'(SHIFT)}};
        end else begin : g_words
            convsim_words #(.WIDTH(LANES * 6), .WORDS(WORDS), .FILE(FILE)) words (
                .aclk(aclk), .aresetn(aresetn), .advance(s_valid && s_ready), .word(shifts)
            );
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire sign = ISIGNED != 0 && s_data[i*IB+IB-1];
            wire signed [47:0] sum = $signed({{(48 - IB) {sign}}, s_data[i*IB +: IB]});
            wire [47:0] rounded;
            convsim_round_shift #(.WIDTH(48), .SW(6)) round (.in(sum), .shift(shifts[i*6 +: 6]), .out(rounded));
            convsim_fit #(.WIDTH(48), .OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.in(rounded), .out(results[i*OB +: OB]));
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB), .PIPELINE(PIPELINE), .CREDITS(CREDITS)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
