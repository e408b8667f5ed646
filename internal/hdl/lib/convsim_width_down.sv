// One wide beat makes K narrow ones, the lowest lanes first.
module convsim_width_down #(
    parameter WIDTH = 8,
    parameter K = 2
) (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire               s_valid,
    output wire               s_ready,
    input  wire [K*WIDTH-1:0] s_data,
    output wire               m_valid,
    input  wire               m_ready,
    output wire [WIDTH-1:0]   m_data
);
    localparam NW = $clog2(K + 1);
    logic [NW-1:0] left;
    logic side, full;
    logic [WIDTH-1:0] side_data, word;
    logic [K*WIDTH-1:0] parts;
    wire few = left == '0 || left == NW'(1);
    wire part = left != '0;
    wire room = !full || m_ready;

    assign s_ready = !side && few;
    assign m_valid = full;
    assign m_data = word;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            left <= '0;
            side <= 1'b0;
            full <= 1'b0;
        end else begin
            if (s_ready) left <= s_valid ? NW'(K) : '0;
            else if (!side) left <= left - 1'b1;
            full <= (full && !m_ready) || side || part;
            side <= !(room || (!side && !part)) && (side || part);
        end
    end
    // The part at hand is in the side register, else in the lowest lanes.
    always_ff @(posedge aclk) begin
        if (s_ready && s_valid) parts <= s_data;
        else if (!side) parts <= {parts[WIDTH-1:0], parts[K*WIDTH-1:WIDTH]};
        if (!side) side_data <= parts[WIDTH-1:0];
        if (room) word <= side ? side_data : parts[WIDTH-1:0];
    end
endmodule
