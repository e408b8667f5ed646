// Tells the last of every BEATS beats.
module convsim_last #(
    parameter BEATS = 1
) (
    input  wire aclk,
    input  wire aresetn,
    input  wire moves,
    output wire last
);
    localparam W = $clog2(BEATS + 1);
    logic [W-1:0] at;
    assign last = at == W'(BEATS - 1);
    always_ff @(posedge aclk) begin
        if (!aresetn) at <= '0;
        else if (moves) at <= last ? '0 : at + 1'b1;
    end
endmodule
