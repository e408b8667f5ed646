// Any width to any other, in units that divide both: IN units come, OUT units leave
// a beat.
module convsim_width_any #(
    parameter WIDTH = 8,
    parameter IN = 2,
    parameter OUT = 3
) (
    input  wire                 aclk,
    input  wire                 aresetn,
    input  wire                 s_valid,
    output wire                 s_ready,
    input  wire [IN*WIDTH-1:0]  s_data,
    output wire                 m_valid,
    input  wire                 m_ready,
    output wire [OUT*WIDTH-1:0] m_data
);
    localparam MOST = IN + OUT; // fewer than OUT are held when a beat comes
    localparam NW = $clog2(MOST + 1);
    logic [NW-1:0] n;
    logic side;
    logic [IN*WIDTH-1:0] side_data;
    logic [MOST*WIDTH-1:0] units;
    wire pop = m_valid && m_ready;
    wire [NW-1:0] kept = pop ? n - NW'(OUT) : n;
    wire free = kept < NW'(OUT);
    wire have = s_valid || side;
    wire moves = have && free;
    wire [MOST*WIDTH-1:0] rest = pop ? units >> (OUT * WIDTH) : units;
    wire [IN*WIDTH-1:0] beat = side ? side_data : s_data;

    assign m_valid = n >= NW'(OUT);
    assign s_ready = !side;
    assign m_data = units[OUT*WIDTH-1:0];

    logic [MOST*WIDTH-1:0] filled;
    integer i;
    always_comb begin
        filled = rest;
        for (i = 0; i < OUT; i = i + 1) if (kept == NW'(i)) filled[i*WIDTH +: IN*WIDTH] = beat;
    end
    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            n <= '0;
            side <= 1'b0;
        end else begin
            n <= moves ? kept + NW'(IN) : kept;
            side <= have && !free;
        end
    end
    always_ff @(posedge aclk) begin
        if (!side) side_data <= s_data;
        units <= moves ? filled : rest;
    end
endmodule
