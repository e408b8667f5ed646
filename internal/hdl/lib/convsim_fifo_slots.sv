// FINN's FIFO of a few beats: DEPTH - 1 slots and an output register, which takes
// the oldest beat while it is empty or handed over.
module convsim_fifo_slots #(
    parameter WIDTH = 8,
    parameter DEPTH = 3
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
    logic full;
    logic [WIDTH-1:0] word;
    wire waiting;
    wire [WIDTH-1:0] oldest;
    wire room = !full || m_ready;

    assign m_valid = full;
    assign m_data = word;

    convsim_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH - 1)) slots (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(s_data),
        .m_valid(waiting), .m_ready(room), .m_data(oldest)
    );
    always_ff @(posedge aclk) full <= aresetn && (waiting || !room);
    always_ff @(posedge aclk) if (room) word <= oldest;
endmodule
