// Whose turn it is of N, each as often in a row as COUNTS says, 16 bits each, of
// which CB are used.
module convsim_turns #(
    parameter N = 2,
    parameter CB = 16,
    parameter [N*16-1:0] COUNTS = {N{16'd1}}
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire         moves,
    output wire [N-1:0] turn
);
    logic [N-1:0] at;
    logic [CB-1:0] done, count;
    integer i;
    assign turn = at;
    always_comb begin
        count = '0;
        for (i = 0; i < N; i = i + 1) if (at[i]) count = COUNTS[i*16 +: CB];
    end
    generate
        if (N == 1) begin : g_one
            always_ff @(posedge aclk) at <= 1'b1;
            always_ff @(posedge aclk) done <= '0;
            wire unused = &{1'b0, aresetn, moves, count};
        end else begin : g_more
            always_ff @(posedge aclk) begin
                if (!aresetn) begin
                    at <= N'(1);
                    done <= '0;
                end else if (moves) begin
                    done <= done == count - 1'b1 ? '0 : done + 1'b1;
                    if (done == count - 1'b1) at <= {at[N-2:0], at[N-1]};
                end
            end
        end
    endgenerate
endmodule
