// A join of N streams of one type: their elements are added up, the first two, then
// the third, and so on. It has no state: all beats move in the cycle in which the
// result is taken. HOW is that of convsim_combine.
module convsim_join_many #(
    parameter N = 3,
    parameter LANES = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter OB = 32,
    parameter HOW = 0
) (
    input  wire                  aclk,
    input  wire                  aresetn,
    input  wire [N-1:0]          s_valid,
    output wire [N-1:0]          s_ready,
    input  wire [N*LANES*IB-1:0] s_data,
    output wire                  m_valid,
    input  wire                  m_ready,
    output wire [LANES*OB-1:0]   m_data
);
    genvar i, k;
    generate
        for (k = 0; k < N; k = k + 1) begin : g_ready
            assign s_ready[k] = m_ready && &(s_valid | N'(1 << k));
        end
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            for (k = 0; k < N; k = k + 1) begin : g_input
                wire [IB-1:0] x = s_data[(k*LANES+i)*IB +: IB];
                wire [OB-1:0] wide = {{(OB - IB) {ISIGNED != 0 && x[IB-1]}}, x};
                wire [OB-1:0] sum;
                if (k == 0) begin : g_first
                    assign sum = wide;
                end else begin : g_more
                    convsim_combine #(.AB(OB), .BB(OB), .OB(OB), .HOW(HOW)) combine (
                        .a(g_lane[i].g_input[k-1].sum), .b(wide), .y(sum)
                    );
                end
            end
            assign m_data[i*OB +: OB] = g_input[N-1].sum;
        end
    endgenerate
    assign m_valid = &s_valid;
    wire unused = &{1'b0, aclk, aresetn};
endmodule
