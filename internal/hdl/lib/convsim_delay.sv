// What came LENGTH beats ago, counted in cycles with enable: registers, or above
// LIMIT a memory of LENGTH - 1 beats that is read before it is written, and a
// register.
module convsim_delay #(
    parameter WIDTH = 8,
    parameter LENGTH = 1,
    parameter LIMIT = 4,
    parameter BLOCK = 0
) (
    input  wire              aclk,
    input  wire              aresetn,
    input  wire              enable,
    input  wire [WIDTH-1:0]  beat,
    output wire [WIDTH-1:0]  delayed
);
    generate
        if (LENGTH <= LIMIT) begin : g_registers
            logic [LENGTH*WIDTH-1:0] held;
            wire [(LENGTH+1)*WIDTH-1:0] all = {held, beat};
            always_ff @(posedge aclk) if (enable) held <= all[LENGTH*WIDTH-1:0];
            assign delayed = all[LENGTH*WIDTH +: WIDTH];
            wire unused = &{1'b0, aresetn};
        end else begin : g_memory
            localparam AW = $clog2(LENGTH - 1);
            logic [AW-1:0] at;
            always_ff @(posedge aclk) begin
                if (!aresetn) at <= '0;
                else if (enable) at <= at == AW'(LENGTH - 2) ? '0 : at + 1'b1;
            end
            convsim_buffer #(.WIDTH(WIDTH), .DEPTH(LENGTH - 1), .BLOCK(BLOCK)) line (
                .aclk(aclk), .write(enable), .at(at), .beat(beat), .read(enable), .from(at), .word(delayed)
            );
        end
    endgenerate
endmodule
