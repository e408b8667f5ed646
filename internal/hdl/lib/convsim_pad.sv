// Padding by a constant: walks the padded frame of ROWS rows of ROW beats, of
// which HEIGHT rows from TOP on and SPAN beats from LEFT on are the image.
module convsim_pad #(
    parameter WIDTH = 8,
    parameter [WIDTH-1:0] ZERO = '0,
    parameter ROWS = 3,
    parameter ROW = 3,
    parameter TOP = 1,
    parameter HEIGHT = 1,
    parameter LEFT = 1,
    parameter SPAN = 1
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
    localparam XW = $clog2(ROW + 1);
    localparam YW = $clog2(ROWS + 1);

    logic [XW-1:0] x;
    logic [YW-1:0] y;
    wire go;
    wire [XW-1:0] from_left = x - XW'(LEFT);
    wire [YW-1:0] from_top = y - YW'(TOP);
    wire shows = from_left < XW'(SPAN) && from_top < YW'(HEIGHT);

    convsim_fill #(.WIDTH(WIDTH), .ZERO(ZERO)) fill (
        .aclk(aclk), .aresetn(aresetn), .shows(shows), .go(go), .s_valid(s_valid), .s_ready(s_ready), .s_data(s_data),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            x <= '0;
            y <= '0;
        end else if (go) begin
            if (x == XW'(ROW - 1)) begin
                x <= '0;
                y <= y == YW'(ROWS - 1) ? '0 : y + 1'b1;
            end else begin
                x <= x + 1'b1;
            end
        end
    end
endmodule
