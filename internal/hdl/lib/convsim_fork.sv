// A fork into N branches. STYLE 0: each branch takes its copy when it can; the beat
// is gone once all have. STYLE 1: all take their copies in the same cycle.
module convsim_fork #(
    parameter N = 2,
    parameter STYLE = 0
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire         s_valid,
    output wire         s_ready,
    output wire [N-1:0] m_valid,
    input  wire [N-1:0] m_ready
);
    genvar i;
    generate
        if (STYLE == 0) begin : g_eager
            logic [N-1:0] done;
            assign m_valid = {N{s_valid}} & ~done;
            assign s_ready = &(m_ready | done);
            always_ff @(posedge aclk) begin
                if (!aresetn || (s_valid && s_ready)) done <= '0;
                else done <= done | (m_valid & m_ready);
            end
        end else begin : g_together
            assign s_ready = &m_ready;
            for (i = 0; i < N; i = i + 1) begin : g_branch
                assign m_valid[i] = s_valid && &(m_ready | N'(1 << i));
            end
            wire unused = &{1'b0, aclk, aresetn};
        end
    endgenerate
endmodule
