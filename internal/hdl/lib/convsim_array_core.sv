// GP arrays side by side of PE rows of LANES multipliers, all in step. A vector of
// SF beats is multiplied NF times, for GF group folds one after the other; with TILE
// above 1, that many vectors are, before the next pass over them. A beat is computed
// when its weights are there; uses says that they were needed. LATENCY cycles after
// the last beat of a vector its sums enter an output queue; a lock stops computing
// one cycle after a sum is held up, until the queue is empty. PACK makes the
// products of two rows in one multiplier. Lanes of a beat: tap, array, channel.
module convsim_array_core #(
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
    parameter TILE = 1,
    parameter ROOM = 2,
    parameter PACK = 0,
    parameter LATENCY = 3,
    parameter QUEUE = 8,
    parameter REPLAY_BLOCK = 0,
    parameter BIAS_FILE = "bias.mem"
) (
    input  wire                       aclk,
    input  wire                       aresetn,
    input  wire                       s_valid,
    output wire                       s_ready,
    input  wire [TAPS*GP*SIMD*IB-1:0] s_data,
    input  wire                       there,
    output wire                       uses,
    input  wire [GP*PE*TAPS*SIMD*WB-1:0] weights,
    output wire                       m_valid,
    input  wire                       m_ready,
    output wire [GP*PE*OB-1:0]        m_data
);
    localparam LANES = TAPS * SIMD;
    localparam IN = TAPS * GP * SIMD * IB;
    localparam ROWS = GP * PE;
    localparam XB = ISIGNED != 0 && IZP == 0 ? IB : IB + 1;
    localparam SB = FLOAT != 0 ? 32 : XB + WB + $clog2(LANES);
    localparam TW = $clog2(SF + 1);
    localparam STEP = PACK != 0 ? 2 : 1; // rows a multiplier
    localparam AHEAD = LATENCY - 1; // registers before the accumulator's

    logic [TW-1:0] tap;
    logic lock;
    wire [IN-1:0] beat;
    wire available;
    wire run = !lock;
    wire compute = available && there && run;
    assign uses = available && run;
    wire first = tap == '0;
    wire last = tap == TW'(SF - 1);

    generate
        if (NF > 1) begin : g_replay
            convsim_replay #(.WIDTH(IN), .SF(SF * TILE), .NF(NF), .ROOM(ROOM), .BLOCK(REPLAY_BLOCK)) replay (
                .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(s_data),
                .m_valid(available), .m_ready(there && run), .m_data(beat)
            );
        end else begin : g_through
            assign available = s_valid;
            assign s_ready = there && run;
            assign beat = s_data;
        end
    endgenerate

    always_ff @(posedge aclk) begin
        if (!aresetn) tap <= '0;
        else if (compute) tap <= last ? '0 : tap + 1'b1;
    end

    // What a beat is, beside its sum.
    wire moves, starts, ends;
    generate
        if (AHEAD > 0) begin : g_flags
            convsim_flags #(.LENGTH(AHEAD)) flags (
                .aclk(aclk), .aresetn(aresetn), .in({compute, first, last}), .out({moves, starts, ends})
            );
        end else begin : g_none
            assign {moves, starts, ends} = {compute, first, last};
        end
    endgenerate

    wire [ROWS*BB-1:0] bias;
    generate
        if (BIAS != 0) begin : g_bias
            wire turns; // to the next pass
            if (NF > 1 && TILE > 1) begin : g_tile
                convsim_last #(.BEATS(TILE)) tile (.aclk(aclk), .aresetn(aresetn), .moves(moves && ends), .last(turns));
            end else begin : g_vector
                assign turns = 1'b1;
            end
            convsim_words #(.WIDTH(ROWS * BB), .WORDS(GF * NF), .FILE(BIAS_FILE)) bias_words (
                .aclk(aclk), .aresetn(aresetn), .advance(moves && ends && turns), .word(bias)
            );
        end else begin : g_no_bias
            assign bias = '0;
        end
    endgenerate

    wire [ROWS*AB-1:0] results;
    genvar a, p, t;
    generate
        for (a = 0; a < GP; a = a + 1) begin : g_array
            wire [LANES*IB-1:0] x;
            for (t = 0; t < TAPS; t = t + 1) begin : g_lanes
                assign x[t*SIMD*IB +: SIMD*IB] = beat[(t*GP+a)*SIMD*IB +: SIMD*IB];
            end
            wire [PE*SB-1:0] sums;
            for (p = 0; p < PE; p = p + STEP) begin : g_rows
                localparam SHARE = p + STEP <= PE ? STEP : 1;
                if (FLOAT != 0) begin : g_float
                    convsim_float_mac #(.LANES(LANES), .STAGES(AHEAD)) mac (
                        .aclk(aclk), .x(x), .w(weights[(a*PE+p)*LANES*WB +: LANES*WB]), .sum(sums[p*SB +: SB])
                    );
                end else begin : g_integer
                    convsim_mac #(
                        .ROWS(SHARE), .LANES(LANES), .IB(IB), .ISIGNED(ISIGNED), .IZP(IZP), .WB(WB), .SB(SB), .STAGES(AHEAD)
                    ) mac (
                        .aclk(aclk), .x(x), .w(weights[(a*PE+p)*LANES*WB +: SHARE*LANES*WB]), .sum(sums[p*SB +: SHARE*SB])
                    );
                end
            end
            for (p = 0; p < PE; p = p + 1) begin : g_row
                if (FLOAT != 0) begin : g_float
                    convsim_float_accumulator #(.BIAS(BIAS)) accumulator (
                        .aclk(aclk), .moves(moves), .starts(starts), .ends(ends), .bias(bias[(a*PE+p)*BB +: BB]),
                        .sum(sums[p*SB +: SB]), .held(results[(a*PE+p)*AB +: AB])
                    );
                end else begin : g_integer
                    convsim_accumulator #(.SB(SB), .AB(AB), .BB(BB), .SATURATE(SATURATE)) accumulator (
                        .aclk(aclk), .moves(moves), .starts(starts), .ends(ends), .bias(bias[(a*PE+p)*BB +: BB]),
                        .sum(sums[p*SB +: SB]), .held(results[(a*PE+p)*AB +: AB])
                    );
                end
            end
        end
    endgenerate

    logic arrived;
    always_ff @(posedge aclk) arrived <= aresetn && moves && ends;

    // The queue and the register behind it.
    wire [ROWS*AB-1:0] queued;
    wire waiting, room;
    logic full;
    logic [ROWS*AB-1:0] word;
    wire load = waiting && (!full || m_ready);
    convsim_fifo #(.WIDTH(ROWS * AB), .DEPTH(QUEUE)) queue (
        .aclk(aclk), .aresetn(aresetn), .s_valid(arrived), .s_ready(room), .s_data(results),
        .m_valid(waiting), .m_ready(!full || m_ready), .m_data(queued)
    );
    wire unused = &{1'b0, room};

    assign m_valid = full;
    genvar r;
    generate
        for (r = 0; r < ROWS; r = r + 1) begin : g_result
            assign m_data[r*OB +: OB] = {{(OB - AB) {word[r*AB+AB-1]}}, word[r*AB +: AB]};
        end
    endgenerate
    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            full <= 1'b0;
            lock <= 1'b0;
        end else begin
            full <= load || (full && !m_ready);
            if (!waiting) lock <= 1'b0;
            else if (full && !m_ready) lock <= 1'b1;
        end
    end
    always_ff @(posedge aclk) if (load) word <= queued;
endmodule
