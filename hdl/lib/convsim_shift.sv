// LENGTH registers that move on in every cycle.
module convsim_shift #(
    parameter WIDTH = 1,
    parameter LENGTH = 1
) (
    input  wire             aclk,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    logic [WIDTH-1:0] held[0:LENGTH-1];
    integer i;
    always_ff @(posedge aclk) begin
        held[0] <= in;
        for (i = 1; i < LENGTH; i = i + 1) held[i] <= held[i-1];
    end
    assign out = held[LENGTH-1];
endmodule
