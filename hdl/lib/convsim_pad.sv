// Padding by a constant: walks the padded frame of ROWS rows of ROW beats, of
// which HEIGHT rows from TOP on and SPAN beats from LEFT on are the image.
// Register a catches a beat that comes while none can leave, register b offers.
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
    logic a_valid, b_valid;
    logic [WIDTH-1:0] a_data, b_data;

    wire [XW-1:0] from_left = x - XW'(LEFT);
    wire [YW-1:0] from_top = y - YW'(TOP);
    wire shows = from_left < XW'(SPAN) && from_top < YW'(HEIGHT);
    wire have = a_valid || s_valid;
    wire go = (m_ready || !b_valid) && (have || !shows);
    wire [WIDTH-1:0] beat = a_valid ? a_data : s_data;

    assign s_ready = !a_valid;
    assign m_valid = b_valid;
    assign m_data = b_data;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            x <= '0;
            y <= '0;
            a_valid <= 1'b0;
            b_valid <= 1'b0;
        end else begin
            a_valid <= have && !(go && shows);
            b_valid <= go || (b_valid && !m_ready);
            if (go) begin
                if (x == XW'(ROW - 1)) begin
                    x <= '0;
                    y <= y == YW'(ROWS - 1) ? '0 : y + 1'b1;
                end else begin
                    x <= x + 1'b1;
                end
            end
        end
    end

    always_ff @(posedge aclk) begin
        if (!a_valid) a_data <= s_data;
        if (go) b_data <= shows ? beat : ZERO;
    end
endmodule
