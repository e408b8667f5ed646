// Pooling of float32: of a vector of BEATS beats of TAPS taps each, in their order,
// the greatest element of every lane (HOW 0), their sum (1), or their mean (2), whose
// sum is a float64: divided by DIVISOR, or for 0 by a word of a memory, the next one
// after VECTORS results. FOLDS vectors come in turns, a beat of each. The last beat of
// a vector is taken if the output register is empty or handed over, any other always.
module convsim_reduce_float #(
    parameter LANES = 1,
    parameter TAPS = 1,
    parameter BEATS = 9,
    parameter FOLDS = 1,
    parameter HOW = 0,
    parameter NB = 8,
    parameter DIVISOR = 1,
    parameter WORDS = 1,
    parameter VECTORS = 1,
    parameter FILE = "divisors.mem"
) (
    input  wire                     aclk,
    input  wire                     aresetn,
    input  wire                     s_valid,
    output wire                     s_ready,
    input  wire [TAPS*LANES*32-1:0] s_data,
    output wire                     m_valid,
    input  wire                     m_ready,
    output wire [LANES*32-1:0]      m_data
);
    localparam B = HOW == 2 ? 64 : 32;
    wire first;
    wire [LANES*B-1:0] held, reduced, word;

    convsim_gather #(.WIDTH(LANES * B), .BEATS(BEATS), .FOLDS(FOLDS)) gather (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .first(first), .held(held), .reduced(reduced),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(word)
    );

    genvar i, t;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            for (t = 0; t < TAPS; t = t + 1) begin : g_tap
                wire [31:0] x = s_data[(t*LANES+i)*32 +: 32];
                wire [B-1:0] had, got;
                if (t == 0) begin : g_held
                    wire [B-1:0] start;
                    if (HOW == 0) begin : g_itself
                        assign start = x;
                    end else begin : g_nothing
                        assign start = '0;
                    end
                    assign had = first ? start : held[i*B +: B];
                end else begin : g_chain
                    assign had = g_tap[t-1].got;
                end
                if (HOW == 2) begin : g_mean
                    wire [63:0] wide;
                    convsim_float_widen widen (.x(x), .y(wide));
                    convsim_float_add #(.E(11), .M(52)) add (.a(had), .b(wide), .y(got));
                end else begin : g_single
                    convsim_combine #(.AB(32), .BB(32), .OB(32), .HOW(HOW == 0 ? 7 : 5)) combine (.a(had), .b(x), .y(got));
                end
            end
            assign reduced[i*B +: B] = g_tap[TAPS-1].got;
        end

        if (HOW == 2) begin : g_quotients
            wire [NB-1:0] n;
            if (DIVISOR != 0) begin : g_constant
                assign n = NB'(DIVISOR);
            end else begin : g_words
                wire turns;
                convsim_last #(.BEATS(VECTORS)) vectors (.aclk(aclk), .aresetn(aresetn), .moves(m_valid && m_ready), .last(turns));
                convsim_words #(.WIDTH(NB), .WORDS(WORDS), .FILE(FILE)) divisors (
                    .aclk(aclk), .aresetn(aresetn), .advance(m_valid && m_ready && turns), .word(n)
                );
            end
            for (i = 0; i < LANES; i = i + 1) begin : g_quotient
                convsim_float_quotient #(.NB(NB)) divide (.x(word[i*64 +: 64]), .n(n), .y(m_data[i*32 +: 32]));
            end
        end else begin : g_results
            assign m_data = word;
        end
    endgenerate
endmodule
