// A FIFO: it takes a beat while fewer than DEPTH are held at the start of the
// cycle, and offers one LATENCY cycles after it came. BLOCK says that the memory
// is read through a register, as block RAM is; a beat that comes just as it is to
// be read goes past the memory.
module convsim_fifo #(
    parameter WIDTH = 8,
    parameter DEPTH = 2,
    parameter LATENCY = 1,
    parameter BLOCK = 0
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
    localparam PW = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam CW = $clog2(DEPTH + 1);
    localparam [PW-1:0] LAST = PW'(DEPTH - 1);
    localparam TURNS = DEPTH != 1 << PW; // else places turn round by themselves

    logic [CW-1:0] held;
    logic [PW-1:0] wr, rd;
    wire push = s_valid && s_ready;
    wire pop = m_valid && m_ready;
    wire [PW-1:0] rd_next = !pop ? rd : TURNS && rd == LAST ? '0 : rd + 1'b1;

    assign s_ready = held != CW'(DEPTH);

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            held <= '0;
            wr <= '0;
            rd <= '0;
        end else begin
            if (push != pop) held <= held + (push ? CW'(1) : '1);
            if (push) wr <= TURNS && wr == LAST ? '0 : wr + 1'b1;
            rd <= rd_next;
        end
    end

    generate
        if (LATENCY == 1) begin : g_shown
            assign m_valid = held != '0;
        end else begin : g_late
            logic [LATENCY-2:0] under_way;
            logic [CW-1:0] shown;
            assign m_valid = shown != '0;
            if (LATENCY == 2) begin : g_two
                always_ff @(posedge aclk) under_way <= aresetn && push;
            end else begin : g_more
                always_ff @(posedge aclk) under_way <= aresetn ? {under_way[LATENCY-3:0], push} : '0;
            end
            always_ff @(posedge aclk) begin
                if (!aresetn) shown <= '0;
                else if (under_way[LATENCY-2] != pop) shown <= shown + (pop ? '1 : CW'(1));
            end
        end
        if (BLOCK != 0) begin : g_block
            (* ram_style = "block" *) logic [WIDTH-1:0] memory[0:DEPTH-1];
            logic [WIDTH-1:0] word, passed;
            logic past;
            always_ff @(posedge aclk) begin
                if (push) memory[wr] <= s_data;
                word <= memory[rd_next];
            end
            always_ff @(posedge aclk) begin
                past <= push && wr == rd_next;
                passed <= s_data;
            end
            assign m_data = past ? passed : word;
        end else begin : g_distributed
            (* ram_style = "distributed" *) logic [WIDTH-1:0] memory[0:DEPTH-1];
            always_ff @(posedge aclk) if (push) memory[wr] <= s_data;
            assign m_data = memory[rd];
        end
    endgenerate
endmodule
