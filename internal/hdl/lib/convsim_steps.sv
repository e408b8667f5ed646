// A function that never falls, as the steps it takes: of every lane the number of
// thresholds reached is found by halving, and looked up among the results. A
// threshold is a signed integer; a float32 is compared by its bits, those of
// negative ones turned round.
module convsim_steps #(
    parameter LANES = 1,
    parameter IB = 32,
    parameter ISIGNED = 1,
    parameter IFLOAT = 0,
    parameter OB = 8,
    parameter LEVELS = 8,
    parameter STEP_FILE = "steps.mem",
    parameter RESULT_FILE = "results.mem"
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
            wire sign = s_data[i*IB+IB-1];
            wire [IB-1:0] raw = s_data[i*IB +: IB];
            wire [IB-1:0] turned = IFLOAT != 0 && sign ? {1'b1, ~raw[IB-2:0]} : raw;
            wire signed [IB:0] key = $signed({ISIGNED != 0 && sign, turned});
            wire [LEVELS-1:0] reached;
            convsim_search #(.KB(IB + 1), .LEVELS(LEVELS), .FILE(STEP_FILE)) search (.key(key), .reached(reached));
            convsim_lookup #(.AW(LEVELS), .OB(OB), .WORD(OB), .WORDS(1 << LEVELS), .FILE(RESULT_FILE)) lookup (
                .at(reached), .out(results[i*OB +: OB])
            );
        end
    endgenerate
    convsim_result #(.WIDTH(LANES * OB)) result (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .s_data(results),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );
endmodule
