// Three bits that go with a beat through LENGTH registers; none are set in reset.
module convsim_flags #(
    parameter LENGTH = 1
) (
    input  wire       aclk,
    input  wire       aresetn,
    input  wire [2:0] in,
    output wire [2:0] out
);
    generate
        if (LENGTH == 0) begin : g_wire
            assign out = in;
            wire unused = &{1'b0, aclk, aresetn};
        end else begin : g_registers
            logic [LENGTH*3-1:0] held;
            wire [(LENGTH+1)*3-1:0] all = {held, in};
            always_ff @(posedge aclk) held <= aresetn ? all[LENGTH*3-1:0] : '0;
            assign out = all[LENGTH*3 +: 3];
        end
    endgenerate
endmodule
