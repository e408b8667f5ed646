// The registers of a stage that shows its input among beats of a constant. At every
// place, shows says whether the input's next beat stands there; go is the cycle in
// which that place is left. Register a catches a beat that comes while none can
// leave, register b offers.
module convsim_fill #(
    parameter WIDTH = 8,
    parameter [WIDTH-1:0] ZERO = '0
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             shows,
    output wire             go,
    input  wire             s_valid,
    output wire             s_ready,
    input  wire [WIDTH-1:0] s_data,
    output wire             m_valid,
    input  wire             m_ready,
    output wire [WIDTH-1:0] m_data
);
    logic a_valid, b_valid;
    logic [WIDTH-1:0] a_data, b_data;

    wire have = a_valid || s_valid;
    wire [WIDTH-1:0] beat = a_valid ? a_data : s_data;

    assign go = (m_ready || !b_valid) && (have || !shows);
    assign s_ready = !a_valid;
    assign m_valid = b_valid;
    assign m_data = b_data;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            a_valid <= 1'b0;
            b_valid <= 1'b0;
        end else begin
            a_valid <= have && !(go && shows);
            b_valid <= go || (b_valid && !m_ready);
        end
    end

    always_ff @(posedge aclk) begin
        if (!a_valid) a_data <= s_data;
        if (go) b_data <= shows ? beat : ZERO;
    end
endmodule
