// Of every pixel the beats of input 0, then those of input 1, and so on, through a
// register. COUNTS holds how many, 16 bits an input, of
// which CB are used.
module convsim_concat #(
    parameter N = 2,
    parameter CB = 16,
    parameter WIDTH = 8,
    parameter [N*16-1:0] COUNTS = {N{16'd1}}
) (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire [N-1:0]       s_valid,
    output wire [N-1:0]       s_ready,
    input  wire [N*WIDTH-1:0] s_data,
    output wire               m_valid,
    input  wire               m_ready,
    output wire [WIDTH-1:0]   m_data
);
    wire [N-1:0] turn;
    logic full;
    logic [WIDTH-1:0] word, chosen;
    wire room = !full || m_ready;
    wire take = room && |(turn & s_valid);

    assign s_ready = turn & {N{room}};
    assign m_valid = full;
    assign m_data = word;

    convsim_turns #(.N(N), .CB(CB), .COUNTS(COUNTS)) turns (.aclk(aclk), .aresetn(aresetn), .moves(take), .turn(turn));

    integer i;
    always_comb begin
        chosen = '0;
        for (i = 0; i < N; i = i + 1) if (turn[i]) chosen = s_data[i*WIDTH +: WIDTH];
    end
    always_ff @(posedge aclk) full <= aresetn && (take || (full && !m_ready));
    always_ff @(posedge aclk) if (take) word <= chosen;
endmodule
