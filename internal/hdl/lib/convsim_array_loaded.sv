// Arrays side by side whose weights come while they are used: a beat of them for
// every beat of a vector, WW bits each. Of the last of CF channel folds only USED
// lanes have work; what comes in the others does not matter. A zero point may be
// taken off, whose word is another one in every pass.
module convsim_array_loaded #(
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
    parameter TILE = 1,
    parameter CF = 1,
    parameter USED = SIMD,
    parameter WW = 8,
    parameter WSIGNED = 1,
    parameter ZERO = 0,
    parameter ZERO_FILE = "zero.mem",
    parameter BIAS_FILE = "bias.mem"
) (
    input  wire                       aclk,
    input  wire                       aresetn,
    input  wire                       a_valid,
    output wire                       a_ready,
    input  wire [TAPS*GP*SIMD*IB-1:0] a_data,
    input  wire                       b_valid,
    output wire                       b_ready,
    input  wire [GP*PE*TAPS*SIMD*WW-1:0] b_data,
    output wire                       m_valid,
    input  wire                       m_ready,
    output wire [GP*PE*OB-1:0]        m_data
);
    localparam ROWS = GP * PE;
    localparam LANES = TAPS * SIMD;
    wire uses;
    wire moves = uses && b_valid;
    assign b_ready = uses;

    wire rest; // the beat is of the last channel fold
    generate
        if (CF > 1) begin : g_folds
            convsim_last #(.BEATS(CF)) folds (.aclk(aclk), .aresetn(aresetn), .moves(moves), .last(rest));
        end else begin : g_fold
            assign rest = 1'b1;
        end
    endgenerate
    wire unused = &{1'b0, rest, moves};
    wire [ROWS*WB-1:0] zeros;
    generate
        if (ZERO != 0) begin : g_zero
            wire turns;
            convsim_last #(.BEATS(SF * TILE)) pass (.aclk(aclk), .aresetn(aresetn), .moves(moves), .last(turns));
            convsim_words #(.WIDTH(ROWS * WB), .WORDS(GF * NF), .FILE(ZERO_FILE)) zero_words (
                .aclk(aclk), .aresetn(aresetn), .advance(moves && turns), .word(zeros)
            );
        end else begin : g_no_zero
            assign zeros = '0;
        end
    endgenerate

    wire [ROWS*LANES*WB-1:0] weights;
    genvar r, l;
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : g_row
            for (l = 0; l < LANES; l = l + 1) begin : g_lane
                wire [WW-1:0] raw = b_data[(r*LANES+l)*WW +: WW];
                wire [WB-1:0] wide;
                if (WB > WW) begin : g_wide
                    assign wide = {{(WB - WW) {WSIGNED != 0 && raw[WW-1]}}, raw};
                end else begin : g_whole
                    assign wide = raw;
                end
                wire [WB-1:0] taken = wide - zeros[r*WB +: WB];
                if (l % SIMD >= USED) begin : g_idle
                    assign weights[(r*LANES+l)*WB +: WB] = rest ? '0 : taken;
                end else begin : g_busy
                    assign weights[(r*LANES+l)*WB +: WB] = taken;
                end
            end
        end
    endgenerate

    convsim_array_core #(
        .GP(GP), .PE(PE), .TAPS(TAPS), .SIMD(SIMD), .IB(IB), .ISIGNED(ISIGNED), .IZP(IZP), .WB(WB), .AB(AB),
        .OB(OB), .SATURATE(SATURATE), .FLOAT(FLOAT), .BIAS(BIAS), .BB(BB), .SF(SF), .NF(NF), .GF(GF), .ROOM(ROOM), .PACK(PACK),
        .LATENCY(LATENCY), .QUEUE(QUEUE), .REPLAY_BLOCK(REPLAY_BLOCK), .BIAS_FILE(BIAS_FILE), .TILE(TILE)
    ) core (
        .aclk(aclk), .aresetn(aresetn), .s_valid(a_valid), .s_ready(a_ready), .s_data(a_data),
        .there(b_valid), .uses(uses), .weights(weights), .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
