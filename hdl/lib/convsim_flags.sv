// Three bits that go with a beat through LENGTH registers; none are set in reset.
module convsim_flags #(
    parameter LENGTH = 1
) (
    input  wire       aclk,
    input  wire       aresetn,
    input  wire [2:0] in,
    output wire [2:0] out
);
    logic [2:0] held[0:LENGTH-1];
    integer i;
    always_ff @(posedge aclk) begin
        held[0] <= aresetn ? in : '0;
        for (i = 1; i < LENGTH; i = i + 1) held[i] <= aresetn ? held[i-1] : '0;
    end
    assign out = held[LENGTH-1];
endmodule
