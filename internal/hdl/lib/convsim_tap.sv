// FINN's stream tap: a fork into a main branch (0) behind one register and a tap
// (1) behind two slots and a register.
module convsim_tap #(
    parameter WIDTH = 8
) (
    input  wire               aclk,
    input  wire               aresetn,
    input  wire               s_valid,
    output wire               s_ready,
    input  wire [WIDTH-1:0]   s_data,
    output wire [1:0]         m_valid,
    input  wire [1:0]         m_ready,
    output wire [2*WIDTH-1:0] m_data
);
    logic side, main, tap, fresh, a0, a1, b;
    logic [WIDTH-1:0] side_data, data, a0_data, a1_data, b_data;
    wire have = side || s_valid;
    wire load = (m_ready[0] || !main) && (!tap || (fresh && !a1));
    wire into = tap && !a1;
    wire moves = !b || m_ready[1];

    assign s_ready = !side;
    assign m_valid = {b, main};
    assign m_data = {b_data, data};

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            side <= 1'b0;
            main <= 1'b0;
            tap <= 1'b0;
            fresh <= 1'b0;
            a0 <= 1'b0;
            a1 <= 1'b0;
            b <= 1'b0;
        end else begin
            main <= load ? have : main && !m_ready[0];
            tap <= load ? have : tap && !into;
            fresh <= load && have;
            side <= have && !load;
            a1 <= (a0 || a1) && !moves;
            a0 <= a1 ? a0 : into;
            b <= a0 || a1 || !moves;
        end
    end
    always_ff @(posedge aclk) begin
        if (!side) side_data <= s_data;
        if (load) data <= side ? side_data : s_data;
        if (!a1) begin
            a0_data <= data;
            a1_data <= a0_data;
        end
        if (moves) b_data <= a1 ? a1_data : a0_data;
    end
endmodule
