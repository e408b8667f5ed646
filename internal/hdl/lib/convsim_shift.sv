// LENGTH registers that move on in every cycle; none: a wire.
module convsim_shift #(
    parameter WIDTH = 1,
    parameter LENGTH = 1
) (
    input  wire             aclk,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    generate
        if (LENGTH == 0) begin : g_wire
            assign out = in;
            wire unused = &{1'b0, aclk};
        end else begin : g_registers
            logic [LENGTH*WIDTH-1:0] held;
            wire [(LENGTH+1)*WIDTH-1:0] all = {held, in};
            always_ff @(posedge aclk) held <= all[LENGTH*WIDTH-1:0];
            assign out = all[LENGTH*WIDTH +: WIDTH];
        end
    endgenerate
endmodule
