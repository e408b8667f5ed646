// What stands behind a stage that computes: LATENCY cycles from taking a beat to
// offering its result. One is a register that takes a beat when it is empty or
// handed over. More are FINN's: a pipeline that never stops, a queue and a
// register; a beat is taken while fewer than CREDITS of those taken have not been
// handed over. DONE registers of the pipeline stand within what computes.
module convsim_result #(
    parameter WIDTH = 8,
    parameter LATENCY = 1,
    parameter CREDITS = LATENCY + 1,
    parameter DONE = 0
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
    assign m_valid = full;
    assign m_data = word;

    generate
        if (LATENCY == 1) begin : g_register
            assign s_ready = !full || m_ready;
            always_ff @(posedge aclk) full <= aresetn && (s_valid || (full && !m_ready));
            always_ff @(posedge aclk) if (s_ready) word <= s_data;
        end else begin : g_credits
            localparam CW = $clog2(CREDITS + 1);
            logic [CW-1:0] used;
            wire take = s_valid && s_ready;
            wire give = full && m_ready;
            wire arrived, waiting, room;
            wire [1:0] spare;
            wire [WIDTH-1:0] computed, queued;
            assign s_ready = used != CW'(CREDITS);
            convsim_flags #(.LENGTH(LATENCY - 2)) flags (
                .aclk(aclk), .aresetn(aresetn), .in({take, 2'b00}), .out({arrived, spare})
            );
            convsim_shift #(.WIDTH(WIDTH), .LENGTH(LATENCY - 2 - DONE)) pipeline (.aclk(aclk), .in(s_data), .out(computed));
            convsim_fifo #(.WIDTH(WIDTH), .DEPTH(CREDITS)) queue (
                .aclk(aclk), .aresetn(aresetn), .s_valid(arrived), .s_ready(room), .s_data(computed),
                .m_valid(waiting), .m_ready(!full || m_ready), .m_data(queued)
            );
            wire unused = &{1'b0, room, spare};
            always_ff @(posedge aclk) begin
                if (!aresetn) begin
                    full <= 1'b0;
                    used <= '0;
                end else begin
                    full <= waiting || (full && !m_ready);
                    if (take && !give) used <= used + 1'b1;
                    if (give && !take) used <= used - 1'b1;
                end
            end
            always_ff @(posedge aclk) if (!full || m_ready) word <= queued;
        end
    endgenerate
endmodule
