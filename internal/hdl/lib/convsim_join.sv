// A join of two streams, element by element. Without QUEUED it has no state: both
// beats move in the cycle in which the result is taken. With QUEUED each input has
// a register, and a pipeline with a queue follows (FINN's elementwise operations).
module convsim_join #(
    parameter LANES = 1,
    parameter AB = 8,
    parameter ASIGNED = 1,
    parameter BB = 8,
    parameter BSIGNED = 1,
    parameter OB = 32,
    parameter HOW = 0,
    parameter QUEUED = 0,
    parameter FILE = "table.mem"
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                a_valid,
    output wire                a_ready,
    input  wire [LANES*AB-1:0] a_data,
    input  wire                b_valid,
    output wire                b_ready,
    input  wire [LANES*BB-1:0] b_data,
    output wire                m_valid,
    input  wire                m_ready,
    output wire [LANES*OB-1:0] m_data
);
    wire [LANES*AB-1:0] a;
    wire [LANES*BB-1:0] b;
    wire [LANES*OB-1:0] results;
    genvar i;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            convsim_combine #(.AB(AB), .ASIGNED(ASIGNED), .BB(BB), .BSIGNED(BSIGNED), .OB(OB), .HOW(HOW), .FILE(FILE)) combine (
                .a(a[i*AB +: AB]), .b(b[i*BB +: BB]), .y(results[i*OB +: OB])
            );
        end
        if (QUEUED == 0) begin : g_wires
            assign a = a_data;
            assign b = b_data;
            assign m_valid = a_valid && b_valid;
            assign a_ready = m_ready && b_valid;
            assign b_ready = m_ready && a_valid;
            assign m_data = results;
            wire unused = &{1'b0, aclk, aresetn};
        end else begin : g_queued
            logic a_held, b_held;
            logic [LANES*AB-1:0] a_word;
            logic [LANES*BB-1:0] b_word;
            wire credit;
            wire both = (a_held || a_valid) && (b_held || b_valid);
            wire take = both && credit;
            assign a_ready = !a_held;
            assign b_ready = !b_held;
            assign a = a_held ? a_word : a_data;
            assign b = b_held ? b_word : b_data;
            always_ff @(posedge aclk) begin
                a_held <= aresetn && (a_held || a_valid) && !take;
                b_held <= aresetn && (b_held || b_valid) && !take;
            end
            always_ff @(posedge aclk) begin
                if (!a_held) a_word <= a_data;
                if (!b_held) b_word <= b_data;
            end
            convsim_result #(.WIDTH(LANES * OB), .LATENCY(4), .CREDITS(8)) result (
                .aclk(aclk), .aresetn(aresetn), .s_valid(both), .s_ready(credit), .s_data(results),
                .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
            );
        end
    endgenerate
endmodule
