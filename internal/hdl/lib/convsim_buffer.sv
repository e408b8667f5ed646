// A memory with a write port and a registered read port; BLOCK asks for block RAM.
module convsim_buffer #(
    parameter WIDTH = 8,
    parameter DEPTH = 2,
    parameter BLOCK = 0,
    parameter AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  wire              aclk,
    input  wire              write,
    input  wire [AW-1:0]     at,
    input  wire [WIDTH-1:0]  beat,
    input  wire              read,
    input  wire [AW-1:0]     from,
    output logic [WIDTH-1:0] word
);
    generate
        if (BLOCK != 0) begin : g_block
            (* ram_style = "block" *) logic [WIDTH-1:0] memory[0:DEPTH-1];
            always_ff @(posedge aclk) begin
                if (write) memory[at] <= beat;
                if (read) word <= memory[from];
            end
        end else begin : g_distributed
            (* ram_style = "distributed" *) logic [WIDTH-1:0] memory[0:DEPTH-1];
            always_ff @(posedge aclk) begin
                if (write) memory[at] <= beat;
                if (read) word <= memory[from];
            end
        end
    endgenerate
endmodule
