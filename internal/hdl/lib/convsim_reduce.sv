// Pooling: of a vector of BEATS beats of TAPS taps each, the greatest element of
// every lane, or their sum; FOLDS vectors come in turns, a beat of each. The last beat
// of a vector is taken if the output register is empty or handed over, any other always.
module convsim_reduce #(
    parameter LANES = 1,
    parameter TAPS = 1,
    parameter BEATS = 9,
    parameter FOLDS = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter SUM = 0
) (
    input  wire                     aclk,
    input  wire                     aresetn,
    input  wire                     s_valid,
    output wire                     s_ready,
    input  wire [TAPS*LANES*IB-1:0] s_data,
    output wire                     m_valid,
    input  wire                     m_ready,
    output wire [LANES*OB-1:0]      m_data
);
    localparam XB = OB + 1;
    wire first;
    wire [LANES*OB-1:0] held, reduced;

    convsim_gather #(.WIDTH(LANES * OB), .BEATS(BEATS), .FOLDS(FOLDS)) gather (
        .aclk(aclk), .aresetn(aresetn), .s_valid(s_valid), .s_ready(s_ready), .first(first), .held(held), .reduced(reduced),
        .m_valid(m_valid), .m_ready(m_ready), .m_data(m_data)
    );

    genvar i, t;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire [TAPS*XB-1:0] values;
            for (t = 0; t < TAPS; t = t + 1) begin : g_tap
                wire [IB-1:0] x = s_data[(t*LANES+i)*IB +: IB];
                assign values[t*XB +: XB] = {{(XB - IB) {ISIGNED != 0 && x[IB-1]}}, x};
            end
            wire signed [XB-1:0] had = $signed({ISIGNED != 0 && held[i*OB+OB-1], held[i*OB +: OB]});
            logic signed [XB-1:0] all, value;
            integer k;
            always_comb begin
                all = had;
                value = '0;
                for (k = 0; k < TAPS; k = k + 1) begin
                    value = $signed(values[k*XB +: XB]);
                    if (first && k == 0) all = value;
                    else if (SUM != 0) all = all + value;
                    else if (value > all) all = value;
                end
            end
            wire unused = &{1'b0, all[XB-1]};
            assign reduced[i*OB +: OB] = all[OB-1:0];
        end
    endgenerate
endmodule
