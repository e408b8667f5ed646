// Arrays side by side with the memory of all their weights, which are used in the
// order in which they lie there: GF group folds, NF passes, SF beats.
module convsim_array #(
    parameter GP = 1,
    parameter PE = 1,
    parameter TAPS = 1,
    parameter SIMD = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter IZP = 0,
    parameter WB = 8,
    parameter AB = 32,
    parameter OB = 32,
    parameter SATURATE = 0,
    parameter FLOAT = 0,
    parameter BIAS = 0,
    parameter BB = 32,
    parameter SF = 1,
    parameter NF = 1,
    parameter GF = 1,
    parameter ROOM = 2,
    parameter PACK = 0,
    parameter LATENCY = 3,
    parameter QUEUE = 8,
    parameter REPLAY_BLOCK = 0,
    parameter WEIGHT_BLOCK = 0,
    parameter WEIGHT_FILE = "weights.mem",
    parameter BIAS_FILE = "bias.mem"
) (
    input  wire                       aclk,
    input  wire                       aresetn,
    input  wire                       s_valid,
    output wire                       s_ready,
    input  wire [TAPS*GP*SIMD*IB-1:0] s_data,
    output wire                       m_valid,
    input  wire                       m_ready,
    output wire [GP*PE*OB-1:0]        m_data
);
    localparam WORD = GP * PE * TAPS * SIMD * WB;
    wire [WORD-1:0] weights;
    wire uses;
    convsim_words #(.WIDTH(WORD), .WORDS(GF * NF * SF), .BLOCK(WEIGHT_BLOCK), .FILE(WEIGHT_FILE)) weight_words (
        .aclk(aclk), .aresetn(aresetn), .advance(uses), .word(weights)
    );
    convsim_array_core #(
        .GP(GP), .PE(PE), .TAPS(TAPS), .SIMD(SIMD), .IB(IB), .ISIGNED(ISIGNED), .IZP(IZP), .WB(WB), .AB(AB),
        .OB(OB), .SATURATE(SATURATE), .FLOAT(FLOAT), .BIAS(BIAS), .BB(BB), .SF(SF), .NF(NF), .GF(GF), .ROOM(ROOM), .PACK(PACK),
        .LATENCY(LATENCY), .QUEUE(QUEUE), .REPLAY_BLOCK(REPLAY_BLOCK), .BIAS_FILE(BIAS_FILE)
    ) core (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(s_data),
        .there(1'b1), .uses(uses), .weights(weights), .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
