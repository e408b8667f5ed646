// Of every pixel the first beats go to output 0, the next to output 1, and so on,
// each through a register. COUNTS holds how many, 16 bits a part, of which CB
// are used. A part of DROP goes nowhere.
module convsim_split #(
    parameter N = 2,
    parameter CB = 16,
    parameter WIDTH = 8,
    parameter [N*16-1:0] COUNTS = {N{16'd1}},
    parameter [N-1:0] DROP = '0
) (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire               s_valid,
    output wire               s_ready,
    input  wire [WIDTH-1:0]   s_data,
    output wire [N-1:0]       m_valid,
    input  wire [N-1:0]       m_ready,
    output wire [N*WIDTH-1:0] m_data
);
    wire [N-1:0] turn;
    logic [N-1:0] full;
    wire [N-1:0] room = ~full | m_ready | DROP;
    wire take = s_valid && s_ready;

    assign s_ready = |(turn & room);
    assign m_valid = full;

    convsim_turns #(.N(N), .CB(CB), .COUNTS(COUNTS)) turns (.aclk(aclk), .aresetn(aresetn), .moves(take), .turn(turn));

    always_ff @(posedge aclk) begin
        if (!aresetn) full <= '0;
        else full <= ({N{take}} & turn & ~DROP) | (full & ~m_ready);
    end
    genvar i;
    generate
        for (i = 0; i < N; i = i + 1) begin : g_part
            logic [WIDTH-1:0] word;
            always_ff @(posedge aclk) if (take && turn[i]) word <= s_data;
            assign m_data[i*WIDTH +: WIDTH] = word;
        end
    endgenerate
endmodule
