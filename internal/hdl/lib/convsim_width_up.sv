// K narrow beats make a wide one, the first in the lowest lanes.
module convsim_width_up #(
    parameter WIDTH = 8,
    parameter K = 2
) (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire               s_valid,
    output wire               s_ready,
    input  wire [WIDTH-1:0]   s_data,
    output wire               m_valid,
    input  wire               m_ready,
    output wire [K*WIDTH-1:0] m_data
);
    localparam NW = $clog2(K + 1);
    logic [NW-1:0] n;
    logic side;
    logic [WIDTH-1:0] side_data;
    logic [K*WIDTH-1:0] word;
    wire out = m_valid && m_ready;
    wire have = s_valid || side;
    wire moves = have && (n != NW'(K) || out);
    wire [NW-1:0] kept = out ? '0 : n;

    assign m_valid = n == NW'(K);
    assign s_ready = !side;
    assign m_data = word;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            n <= '0;
            side <= 1'b0;
        end else begin
            n <= kept + NW'(moves);
            side <= have && !moves;
        end
    end
    always_ff @(posedge aclk) begin
        if (!side) side_data <= s_data;
        if (moves) word <= {side ? side_data : s_data, word[K*WIDTH-1:WIDTH]};
    end
endmodule
