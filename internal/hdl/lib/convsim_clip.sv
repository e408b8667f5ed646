// Integers limited to LO and HI.
module convsim_clip #(
    parameter LANES = 1,
    parameter IB = 16,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter LO = -128,
    parameter HI = 127
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
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire sign = ISIGNED != 0 && s_data[i*IB+IB-1];
            wire signed [32:0] x = $signed({{(33 - IB) {sign}}, s_data[i*IB +: IB]});
            wire [32:0] kept = x < LO ? LO : x > HI ? HI : x;
            assign results[i*OB +: OB] = kept[OB-1:0];
            wire unused = &{1'b0, kept};
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
