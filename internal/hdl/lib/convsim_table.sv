// A function of elements of few bits: looked up in a table, the same for all lanes
// and beats, or, with BEATS of a pixel, one for every channel.
module convsim_table #(
    parameter LANES = 1,
    parameter IB = 8,
    parameter OB = 8,
    parameter BEATS = 0,
    parameter FILE = "table.mem"
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                s_valid,
    output wire                s_ready,
    input  wire [LANES*IB-1:0] s_data,
    output wire                m_valid,
    input  wire                m_ready,
    output wire [LANES*OB-1:0] m_data
);
    wire [LANES*OB-1:0] results;
    genvar i;
    generate
        if (BEATS == 0) begin : g_uniform
            for (i = 0; i < LANES; i = i + 1) begin : g_lane
                convsim_lookup #(.AW(IB), .OB(OB), .WORD(OB), .WORDS(1 << IB), .FILE(FILE)) lookup (
                    .at(s_data[i*IB +: IB]), .out(results[i*OB +: OB])
                );
            end
        end else begin : g_channels
            localparam BW = $clog2(BEATS) + 1;
            logic [BW-1:0] beat;
            always_ff @(posedge aclk) begin
                if (!aresetn) beat <= '0;
                else if (s_valid && s_ready) beat <= beat == BW'(BEATS - 1) ? '0 : beat + 1'b1;
            end
            for (i = 0; i < LANES; i = i + 1) begin : g_lane
                convsim_lookup #(.AW(IB + BW), .OB(OB), .WORD(LANES * OB), .FIRST(i * OB), .WORDS(BEATS << IB), .FILE(FILE)) lookup (
                    .at({beat, s_data[i*IB +: IB]}), .out(results[i*OB +: OB])
                );
            end
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
