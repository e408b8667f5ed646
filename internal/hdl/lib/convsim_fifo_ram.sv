// FINN's deep FIFO: a memory of SIZE beats, a power of two, that is read ahead of
// need into a queue, READ cycles long, and an output register. A read is begun
// while the queue holds no more than 8.
module convsim_fifo_ram #(
    parameter WIDTH = 8,
    parameter SIZE = 16,
    parameter READ = 1,
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
    localparam AW = SIZE > 1 ? $clog2(SIZE) : 1;
    localparam CW = $clog2(SIZE + 1);
    localparam QUEUE = 16; // more than 9, and those on their way

    logic [CW-1:0] words;
    logic [AW-1:0] wr, rd;
    logic [4:0] queued;
    logic full;
    logic [WIDTH-1:0] word;
    wire write = s_valid && s_ready;
    wire read = words != '0 && queued <= 5'd8;
    wire room = !full || m_ready;
    wire waiting, spare, arrived;
    wire [1:0] rest;
    wire [WIDTH-1:0] fetched, come, oldest;
    wire load = waiting && room;

    assign s_ready = words != CW'(SIZE);
    assign m_valid = full;
    assign m_data = word;

    convsim_buffer #(.WIDTH(WIDTH), .DEPTH(SIZE), .BLOCK(BLOCK)) memory (
        .aclk(aclk), .write(write), .at(wr), .beat(s_data), .read(read), .from(rd), .word(fetched)
    );
    convsim_flags #(.LENGTH(READ)) flags (.aclk(aclk), .aresetn(aresetn), .in({read, 2'b00}), .out({arrived, rest}));
    generate
        if (READ > 1) begin : g_late
            convsim_shift #(.WIDTH(WIDTH), .LENGTH(READ - 1)) late (.aclk(aclk), .in(fetched), .out(come));
        end else begin : g_now
            assign come = fetched;
        end
    endgenerate
    convsim_fifo #(.WIDTH(WIDTH), .DEPTH(QUEUE)) queue (
        .aclk(aclk), .aresetn(aresetn), .s_valid(arrived), .s_ready(spare), .s_data(come),
        .m_valid(waiting), .m_ready(room), .m_data(oldest)
    );
    wire unused = &{1'b0, spare, rest};

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            words <= '0;
            wr <= '0;
            rd <= '0;
            queued <= '0;
            full <= 1'b0;
        end else begin
            full <= load || !room;
            if (write && !read) words <= words + 1'b1;
            if (read && !write) words <= words - 1'b1;
            if (write) wr <= wr == AW'(SIZE - 1) ? '0 : wr + 1'b1;
            if (read) rd <= rd == AW'(SIZE - 1) ? '0 : rd + 1'b1;
            if (arrived && !load) queued <= queued + 1'b1;
            if (load && !arrived) queued <= queued - 1'b1;
        end
    end
    always_ff @(posedge aclk) if (room) word <= oldest;
endmodule
