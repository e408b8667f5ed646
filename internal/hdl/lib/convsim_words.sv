// Constants in the order in which they are wanted: word is the one at hand, and
// becomes the next, or the first after the last, in the cycle after advance. It
// is read one cycle ahead, the first one in reset. BLOCK asks for block RAM, 2 for
// UltraRAM, which only Versal devices fill by their bitstream: on others it has to be
// written before reset ends.
module convsim_words #(
    parameter WIDTH = 8,
    parameter WORDS = 2,
    parameter BLOCK = 0,
    parameter FILE = "words.mem"
) (
    input  wire              aclk,
    input  wire              aresetn,
    input  wire              advance,
    output logic [WIDTH-1:0] word
);
    localparam AW = WORDS > 1 ? $clog2(WORDS) : 1;
    localparam [AW-1:0] LAST = AW'(WORDS - 1);

    logic [AW-1:0] at;
    wire [AW-1:0] after = at == LAST ? '0 : at + 1'b1;
    wire [AW-1:0] next = !aresetn ? '0 : advance ? after : at;

    always_ff @(posedge aclk) at <= next;

    generate
        if (BLOCK == 2) begin : g_ultra
            (* rom_style = "ultra", ram_style = "ultra" *) logic [WIDTH-1:0] memory[0:WORDS-1];
            initial $readmemh(FILE, memory);
            always_ff @(posedge aclk) word <= memory[next];
        end else if (BLOCK != 0) begin : g_block
            (* rom_style = "block", ram_style = "block" *) logic [WIDTH-1:0] memory[0:WORDS-1];
            initial $readmemh(FILE, memory);
            always_ff @(posedge aclk) word <= memory[next];
        end else begin : g_logic
            logic [WIDTH-1:0] memory[0:WORDS-1];
            initial $readmemh(FILE, memory);
            always_ff @(posedge aclk) word <= memory[next];
        end
    endgenerate
endmodule
