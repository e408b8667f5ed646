// What is above zero, of integers or float32; zero elsewhere. A float that is no
// number stays.
module convsim_relu #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter IFLOAT = 0
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                s_valid,
    output wire                s_ready,
    input  wire [LANES*IB-1:0] s_data,
    output wire                m_valid,
    input  wire                m_ready,
    output wire [LANES*IB-1:0] m_data
);
    wire [LANES*IB-1:0] results;
    genvar i;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire [IB-1:0] x = s_data[i*IB +: IB];
            if (IFLOAT != 0) begin : g_float
                wire number = x[30:0] <= 31'h7f800000;
                assign results[i*IB +: IB] = x[IB-1] && number ? '0 : x;
            end else begin : g_integer
                assign results[i*IB +: IB] = x[IB-1] ? '0 : x;
            end
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * IB)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
