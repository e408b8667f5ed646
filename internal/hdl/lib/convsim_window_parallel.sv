// The parallel window: a chain of registers and line buffers that every beat moves
// on, which shows all taps of a channel fold at once: tap (0, 0) in the lowest
// bits. A beat comes in when no window is on offer, or it is taken in this cycle.
module convsim_window_parallel #(
    parameter WIDTH = 8,
    parameter H = 4,
    parameter W = 4,
    parameter KH = 3,
    parameter KW = 3,
    parameter SH = 1,
    parameter SW = 1,
    parameter DH = 1,
    parameter DW = 1,
    parameter FOLDS = 1,
    parameter OVERLAP = 0,
    parameter BLOCK = 0,
    parameter COLUMN_BLOCK = 0
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   s_valid,
    output wire                   s_ready,
    input  wire [WIDTH-1:0]       s_data,
    output wire                   m_valid,
    input  wire                   m_ready,
    output wire [KH*KW*WIDTH-1:0] m_data
);
    localparam ROW = W * FOLDS;
    localparam BEATS = H * ROW;
    localparam OH = (H - (KH - 1) * DH - 1) / SH + 1;
    localparam OW = (W - (KW - 1) * DW - 1) / SW + 1;
    localparam FIRST = (KH - 1) * DH * ROW + (KW - 1) * DW * FOLDS;
    localparam STEP_X = SW * FOLDS - (FOLDS - 1);
    localparam STEP_Y = SH * ROW - (OW - 1) * SW * FOLDS - (FOLDS - 1);

    localparam BW = $clog2(2 * BEATS + 2) + 1;
    localparam FW = $clog2(FOLDS + 1);
    localparam XW = $clog2(OW + 1);
    localparam YW = $clog2(OH + 1);

    // Beats stored of the frame that is read, below 0 while those of the frame before
    // still come; the beat that completes the next window.
    logic signed [BW-1:0] stored, next;
    logic [FW-1:0] fold;
    logic [XW-1:0] ox;
    logic [YW-1:0] oy;
    logic done;

    wire last_fold = fold == FW'(FOLDS - 1);
    wire last_x = ox == XW'(OW - 1);
    wire last_y = oy == YW'(OH - 1);
    wire last = last_fold && last_x && last_y;
    wire have = !done && next < stored;
    wire take = s_valid && s_ready;
    wire give = have && m_ready;
    wire signed [BW-1:0] grown = stored + $signed(BW'(take));
    wire all_read = done || (give && last);

    assign s_ready = (m_ready || !have) && (OVERLAP != 0 || stored < $signed(BW'(BEATS)));
    assign m_valid = have;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            stored <= '0;
            next <= $signed(BW'(FIRST));
            fold <= '0;
            ox <= '0;
            oy <= '0;
            done <= 1'b0;
        end else begin
            stored <= grown;
            if (give) begin
                fold <= last_fold ? '0 : fold + 1'b1;
                if (last_fold) ox <= last_x ? '0 : ox + 1'b1;
                if (last_fold && last_x) oy <= last_y ? '0 : oy + 1'b1;
                next <= last ? $signed(BW'(FIRST)) : next + $signed(!last_fold ? BW'(1) : !last_x ? BW'(STEP_X) : BW'(STEP_Y));
            end
            if (OVERLAP != 0) begin
                if (give && last) stored <= grown - $signed(BW'(BEATS));
            end else begin
                done <= all_read && grown != $signed(BW'(BEATS));
                if (all_read && grown == $signed(BW'(BEATS))) stored <= '0;
            end
        end
    end

    // Taps in the order in which a beat reaches them, the last one of the window
    // first.
    wire [WIDTH-1:0] reached[0:KH*KW-1];
    genvar i;
    generate
        for (i = 0; i < KH * KW; i = i + 1) begin : g_tap
            if (i == 0) begin : g_newest
                convsim_delay #(.WIDTH(WIDTH), .LENGTH(1)) register (
                    .aclk(aclk), .aresetn(aresetn), .enable(take), .beat(s_data), .delayed(reached[i])
                );
            end else if (i % KW == 0) begin : g_row
                convsim_delay #(.WIDTH(WIDTH), .LENGTH(DH * ROW - (KW - 1) * DW * FOLDS), .BLOCK(BLOCK)) line (
                    .aclk(aclk), .aresetn(aresetn), .enable(take), .beat(reached[i-1]), .delayed(reached[i])
                );
            end else begin : g_column
                convsim_delay #(.WIDTH(WIDTH), .LENGTH(DW * FOLDS), .BLOCK(COLUMN_BLOCK)) registers (
                    .aclk(aclk), .aresetn(aresetn), .enable(take), .beat(reached[i-1]), .delayed(reached[i])
                );
            end
            assign m_data[(KH*KW-1-i)*WIDTH +: WIDTH] = reached[i];
        end
    endgenerate
endmodule
