// Padding that shows image pixels again (reflect, replicate, circular): a cyclic
// buffer of DEPTH beats, read as the padded frame. The words of rows and columns
// hold, from bit 0 up: the first beat, that modulo DEPTH, the least first beat of
// all later rows or columns, and whether there are any.
module convsim_pad_addressed #(
    parameter WIDTH = 8,
    parameter BEATS = 1,
    parameter ROWS = 3,
    parameter COLS = 3,
    parameter FOLDS = 1,
    parameter DEPTH = 3,
    parameter OVERLAP = 0,
    parameter BLOCK = 0,
    parameter BW = 4,
    parameter ROW_FILE = "rows.mem",
    parameter COL_FILE = "cols.mem"
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             s_valid,
    output wire             s_ready,
    input  wire [WIDTH-1:0] s_data,
    output wire             m_valid,
    input  wire             m_ready,
    output wire [WIDTH-1:0] m_data
);
    localparam PW = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam XW = $clog2(COLS + 1);
    localparam YW = $clog2(ROWS + 1);
    localparam FW = $clog2(FOLDS + 1);
    localparam [PW-1:0] LAST = PW'(DEPTH - 1);
    localparam [PW-1:0] TURN = PW'(BEATS % DEPTH);

    // Beats stored of the frame that is read, below 0 while those of the frame before
    // still come.
    logic signed [BW-1:0] stored;
    logic [YW-1:0] y;
    logic [XW-1:0] x;
    logic [FW-1:0] fold;
    logic [PW-1:0] wr, frame, step;
    logic done, full;
    logic [3*BW:0] row, col;

    wire last_fold = fold == FW'(FOLDS - 1);
    wire last_col = x == XW'(COLS - 1);
    wire last_row = y == YW'(ROWS - 1);
    wire last = last_fold && last_col && last_row;
    wire [BW-1:0] pixel = row[BW-1:0] + col[BW-1:0];
    wire signed [BW-1:0] next = $signed(pixel + BW'(fold));
    wire signed [BW-1:0] later_col = $signed(row[BW-1:0] + col[3*BW-1:2*BW]);
    wire signed [BW-1:0] later_row = $signed(row[3*BW-1:2*BW]);
    // Where the next read lies, and the next frame begins, round the ring.
    wire [PW-1:0] of_row, of_col, rd, turned;
    convsim_around #(.DEPTH(DEPTH)) add_row (.a(frame), .b(row[BW+PW-1:BW]), .y(of_row));
    convsim_around #(.DEPTH(DEPTH)) add_col (.a(col[BW+PW-1:BW]), .b(step), .y(of_col));
    convsim_around #(.DEPTH(DEPTH)) add_both (.a(of_row), .b(of_col), .y(rd));
    convsim_around #(.DEPTH(DEPTH)) add_frame (.a(frame), .b(TURN), .y(turned));

    wire room = done || (stored < next + $signed(BW'(DEPTH)) && (!col[3*BW] || stored < later_col + $signed(BW'(DEPTH))) &&
        (!row[3*BW] || stored < later_row + $signed(BW'(DEPTH))));
    wire take = s_valid && s_ready;
    wire fetch = !done && next < stored && (!full || m_ready);
    wire signed [BW-1:0] grown = stored + $signed(BW'(take));
    wire ends = done && !(full && !m_ready) && grown == $signed(BW'(BEATS));

    assign s_ready = room && (OVERLAP != 0 || stored < $signed(BW'(BEATS)));
    assign m_valid = full;

    convsim_words #(.WIDTH(3 * BW + 1), .WORDS(ROWS), .FILE(ROW_FILE)) rows (
        .aclk(aclk), .aresetn(aresetn), .advance(fetch && last_fold && last_col), .word(row)
    );
    convsim_words #(.WIDTH(3 * BW + 1), .WORDS(COLS), .FILE(COL_FILE)) cols (
        .aclk(aclk), .aresetn(aresetn), .advance(fetch && last_fold), .word(col)
    );

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            stored <= '0;
            y <= '0;
            x <= '0;
            fold <= '0;
            step <= '0;
            wr <= '0;
            frame <= '0;
            done <= 1'b0;
            full <= 1'b0;
        end else begin
            full <= fetch || (full && !m_ready);
            stored <= grown;
            if (take) wr <= wr == LAST ? '0 : wr + 1'b1;
            if (fetch) begin
                fold <= last_fold ? '0 : fold + 1'b1;
                step <= last_fold || step == LAST ? '0 : step + 1'b1;
                if (last_fold) x <= last_col ? '0 : x + 1'b1;
                if (last_fold && last_col) y <= last_row ? '0 : y + 1'b1;
                if (last) begin
                    frame <= turned;
                    if (OVERLAP != 0) stored <= grown - $signed(BW'(BEATS));
                    else done <= 1'b1;
                end
            end
            if (OVERLAP == 0 && ends) begin
                stored <= '0;
                done <= 1'b0;
            end
        end
    end

    convsim_buffer #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK)) buffer (
        .aclk(aclk), .write(take), .at(wr), .beat(s_data), .read(fetch), .from(rd), .word(m_data)
    );
endmodule
