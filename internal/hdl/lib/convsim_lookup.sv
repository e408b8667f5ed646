// OB bits, from bit FIRST on, of the word at a place of a table.
module convsim_lookup #(
    parameter AW = 8,
    parameter OB = 8,
    parameter WORD = 8,
    parameter FIRST = 0,
    parameter WORDS = 256,
    parameter FILE = "table.mem"
) (
    input  wire [AW-1:0] at,
    output wire [OB-1:0] out
);
    localparam PW = WORDS > 1 ? $clog2(WORDS) : 1;
    logic [WORD-1:0] memory[0:WORDS-1];
    initial $readmemh(FILE, memory);
    wire [WORD-1:0] word = memory[at[PW-1:0]];
    assign out = word[FIRST +: OB];
    wire unused = &{1'b0, at, word};
endmodule
