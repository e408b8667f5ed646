// K narrow beats make a wide one, the first in the lowest lanes. The last of the
// FRAME narrow beats of a frame completes a wide one, too; what it lacks is 0.
module convsim_adapter_up #(
    parameter WIDTH = 8,
    parameter K = 2,
    parameter FRAME = 1
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
    localparam FW = $clog2(FRAME + 1);
    logic [NW-1:0] n; // parts of this beat
    logic [FW-1:0] at; // parts of this frame
    logic side, full;
    logic [WIDTH-1:0] side_data;
    logic [K*WIDTH-1:0] word;
    wire have = s_valid || side;
    wire moves = have && (!full || m_ready);
    wire frame_ends = at == FW'(FRAME - 1);
    wire completes = frame_ends || n == NW'(K - 1);

    assign m_valid = full;
    assign s_ready = !side;
    assign m_data = word;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            n <= '0;
            at <= '0;
            side <= 1'b0;
            full <= 1'b0;
        end else begin
            side <= have && !moves;
            full <= (moves && completes) || (full && !m_ready);
            if (moves) begin
                n <= completes ? '0 : n + 1'b1;
                at <= frame_ends ? '0 : at + 1'b1;
            end
        end
    end
    always_ff @(posedge aclk) if (!side) side_data <= s_data;
    genvar i;
    generate
        for (i = 0; i < K; i = i + 1) begin : g_part
            always_ff @(posedge aclk) begin
                if (moves && n == NW'(i)) word[i*WIDTH +: WIDTH] <= side ? side_data : s_data;
                else if (moves && n == '0) word[i*WIDTH +: WIDTH] <= '0;
            end
        end
    endgenerate
endmodule
