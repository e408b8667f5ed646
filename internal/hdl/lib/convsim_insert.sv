// Insertion of a constant: between the pixels of a row of COLS SX - 1 pixels of
// ZERO, between ROWS rows SY - 1 rows of them. A pixel is FOLDS beats.
module convsim_insert #(
    parameter WIDTH = 8,
    parameter [WIDTH-1:0] ZERO = '0,
    parameter ROWS = 1,
    parameter COLS = 1,
    parameter FOLDS = 1,
    parameter SY = 2,
    parameter SX = 2
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
    localparam FW = $clog2(FOLDS + 1);
    localparam XW = $clog2(COLS + 1);
    localparam YW = $clog2(ROWS + 1);
    localparam AW = $clog2(SX + 1);
    localparam BW = $clog2(SY + 1);

    // The fold; how far behind the last pixel and row of the image; which they are.
    logic [FW-1:0] fold;
    logic [AW-1:0] after_x;
    logic [BW-1:0] after_y;
    logic [XW-1:0] x;
    logic [YW-1:0] y;
    wire go;
    wire shows = after_x == '0 && after_y == '0;
    wire last_fold = fold == FW'(FOLDS - 1);
    wire last_x = x == XW'(COLS - 1);
    wire last_y = y == YW'(ROWS - 1);
    wire turn_x = last_x || after_x == AW'(SX - 1);
    wire turn_y = last_y || after_y == BW'(SY - 1);

    convsim_fill #(.WIDTH(WIDTH), .ZERO(ZERO)) fill (
        .aclk(aclk), .aresetn(aresetn), .shows(shows), .go(go), .s_valid(s_valid), .s_ready(s_ready), .s_data(s_data),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            fold <= '0;
            after_x <= '0;
            after_y <= '0;
            x <= '0;
            y <= '0;
        end else if (go) begin
            fold <= last_fold ? '0 : fold + 1'b1;
            if (last_fold) begin
                after_x <= turn_x ? '0 : after_x + 1'b1;
                if (turn_x) x <= last_x ? '0 : x + 1'b1;
            end
            if (last_fold && last_x) begin
                after_y <= turn_y ? '0 : after_y + 1'b1;
                if (turn_y) y <= last_y ? '0 : y + 1'b1;
            end
        end
    end
endmodule
