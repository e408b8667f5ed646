// The replay buffer: every vector of SF beats is read NF times, into a register.
// A beat that came in a cycle may be read in the next one; its place is free in
// the cycle after its last read.
module convsim_replay #(
    parameter WIDTH = 8,
    parameter SF = 1,
    parameter NF = 2,
    parameter ROOM = 2,
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
    localparam AW = $clog2(ROOM);
    localparam TW = $clog2(SF + 1);
    localparam NW = $clog2(NF + 1);

    logic [AW:0] used, ahead; // beats held; beats from the vector's first one on
    logic [AW-1:0] wr, vector;
    logic [TW-1:0] tap;
    logic [NW-1:0] pass;
    logic full;

    wire [AW:0] here = {{(AW + 1 - TW) {1'b0}}, tap};
    wire last_tap = tap == TW'(SF - 1);
    wire last_pass = pass == NW'(NF - 1);
    wire write = s_valid && s_ready;
    wire read = here < ahead && (!full || m_ready);
    wire frees = read && last_pass;
    wire [AW-1:0] rd = vector + here[AW-1:0];
    wire [AW:0] come = ahead + (AW + 1)'(write);

    assign s_ready = used != (AW + 1)'(ROOM);
    assign m_valid = full;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            used <= '0;
            ahead <= '0;
            wr <= '0;
            vector <= '0;
            tap <= '0;
            pass <= '0;
            full <= 1'b0;
        end else begin
            full <= read || (full && !m_ready);
            ahead <= come;
            if (write && !frees) used <= used + 1'b1;
            if (frees && !write) used <= used - 1'b1;
            if (write) wr <= wr + 1'b1;
            if (read) begin
                tap <= last_tap ? '0 : tap + 1'b1;
                if (last_tap) begin
                    pass <= last_pass ? '0 : pass + 1'b1;
                    if (last_pass) begin
                        vector <= vector + AW'(SF);
                        ahead <= come - (AW + 1)'(SF);
                    end
                end
            end
        end
    end

    convsim_buffer #(.WIDTH(WIDTH), .DEPTH(ROOM), .BLOCK(BLOCK)) buffer (
        .aclk(aclk), .write(write), .at(wr), .beat(s_data), .read(read), .from(rd), .word(m_data)
    );
endmodule
