// Every pixel SX times in its row, every row SY times, out of a cyclic buffer of
// DEPTH beats. A row of the image is COLS pixels of FOLDS beats; one frame follows
// another. A beat may come in if the one it replaces is not read any more.
module convsim_upsample #(
    parameter WIDTH = 8,
    parameter COLS = 1,
    parameter FOLDS = 1,
    parameter SY = 2,
    parameter SX = 2,
    parameter DEPTH = 2,
    parameter BLOCK = 0
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
    localparam HW = $clog2(DEPTH + 1);
    localparam FW = $clog2(FOLDS + 1);
    localparam XW = $clog2(COLS + 1);
    localparam AW = $clog2(SX + 1);
    localparam BW = $clog2(SY + 1);
    localparam [PW-1:0] LAST = PW'(DEPTH - 1);

    // Places in the ring of the next beat that comes and the next one that is shown,
    // of its pixel and of its row; how many beats are held from each of them on.
    logic [PW-1:0] wr, rd, pixel, row;
    logic [HW-1:0] from_rd, from_pixel, from_row;
    logic [FW-1:0] fold;
    logic [AW-1:0] again_x;
    logic [BW-1:0] again_y;
    logic [XW-1:0] x;
    logic full;

    wire last_fold = fold == FW'(FOLDS - 1);
    wire last_again_x = again_x == AW'(SX - 1);
    wire last_again_y = again_y == BW'(SY - 1);
    wire last_x = x == XW'(COLS - 1);
    wire [HW-1:0] held = !last_again_y ? from_row : !last_again_x ? from_pixel : from_rd;
    wire take = s_valid && s_ready;
    wire fetch = from_rd != '0 && (!full || m_ready);
    wire [PW-1:0] after = rd == LAST ? '0 : rd + 1'b1;
    wire ends = last_fold && last_again_x && last_x; // a row
    // Where the read goes on: with the next beat, with the pixel or the row again.
    wire same_pixel = last_fold && !last_again_x;
    wire same_row = ends && !last_again_y;

    assign s_ready = held != HW'(DEPTH);
    assign m_valid = full;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            wr <= '0;
            rd <= '0;
            pixel <= '0;
            row <= '0;
            from_rd <= '0;
            from_pixel <= '0;
            from_row <= '0;
            fold <= '0;
            again_x <= '0;
            again_y <= '0;
            x <= '0;
            full <= 1'b0;
        end else begin
            full <= fetch || (full && !m_ready);
            if (take) wr <= wr == LAST ? '0 : wr + 1'b1;
            from_rd <= from_rd + HW'(take);
            from_pixel <= from_pixel + HW'(take);
            from_row <= from_row + HW'(take);
            if (fetch) begin
                fold <= last_fold ? '0 : fold + 1'b1;
                if (last_fold) again_x <= last_again_x ? '0 : again_x + 1'b1;
                if (last_fold && last_again_x) x <= last_x ? '0 : x + 1'b1;
                if (ends) again_y <= last_again_y ? '0 : again_y + 1'b1;
                rd <= same_row ? row : same_pixel ? pixel : after;
                from_rd <= HW'(take) + (same_row ? from_row : same_pixel ? from_pixel : from_rd - 1'b1);
                if (last_fold && last_again_x) begin
                    pixel <= same_row ? row : after;
                    from_pixel <= HW'(take) + (same_row ? from_row : from_rd - 1'b1);
                end
                if (ends && last_again_y) begin
                    row <= after;
                    from_row <= HW'(take) + from_rd - 1'b1;
                end
            end
        end
    end

    convsim_buffer #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK)) buffer (
        .aclk(aclk), .write(take), .at(wr), .beat(s_data), .read(fetch), .from(rd), .word(m_data)
    );
endmodule
