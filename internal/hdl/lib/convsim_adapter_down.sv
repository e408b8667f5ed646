// One wide beat makes K narrow ones, the lowest lanes first; the last of the FRAME
// wide beats of a frame makes LAST.
module convsim_adapter_down #(
    parameter WIDTH = 8,
    parameter K = 2,
    parameter FRAME = 1,
    parameter LAST = 1
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
    localparam FW = $clog2(FRAME + 1);
    logic [NW-1:0] left; // parts still held
    logic [FW-1:0] at; // beats of this frame
    logic full;
    logic [WIDTH-1:0] word;
    logic [K*WIDTH-1:0] parts;
    wire room = !full || m_ready;
    wire none = left == '0;
    wire take = s_valid && none;
    wire frame_ends = at == FW'(FRAME - 1);
    wire [NW-1:0] come = frame_ends ? NW'(LAST) : NW'(K);

    assign s_ready = none;
    assign m_valid = full;
    assign m_data = word;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            left <= '0;
            at <= '0;
            full <= 1'b0;
        end else begin
            full <= (room && (take || !none)) || (full && !m_ready);
            if (take) begin
                left <= room ? come - 1'b1 : come;
                at <= frame_ends ? '0 : at + 1'b1;
            end else if (room && !none) begin
                left <= left - 1'b1;
            end
        end
    end
    always_ff @(posedge aclk) begin
        if (take) parts <= room ? {{WIDTH{1'b0}}, s_data[K*WIDTH-1:WIDTH]} : s_data;
        else if (room) parts <= {{WIDTH{1'b0}}, parts[K*WIDTH-1:WIDTH]};
        if (room) word <= none ? s_data[WIDTH-1:0] : parts[WIDTH-1:0];
    end
endmodule
