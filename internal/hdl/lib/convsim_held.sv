// What is gathered in turns for FOLDS results: in is kept with each take, and comes
// back as out in the same turn of the next round. ends: the last turn.
module convsim_held #(
    parameter WIDTH = 8,
    parameter FOLDS = 1
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             take,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out,
    output wire             ends
);
    generate
        if (FOLDS > 1) begin : g_memory
            localparam FW = $clog2(FOLDS);
            logic [FW-1:0] fold;
            (* ram_style = "distributed" *) logic [WIDTH-1:0] memory[0:FOLDS-1];
            assign ends = fold == FW'(FOLDS - 1);
            assign out = memory[fold];
            always_ff @(posedge aclk) begin
                if (!aresetn) fold <= '0;
                else if (take) fold <= ends ? '0 : fold + 1'b1;
            end
            always_ff @(posedge aclk) if (take) memory[fold] <= in;
        end else begin : g_register
            logic [WIDTH-1:0] kept;
            assign ends = 1'b1;
            assign out = kept;
            always_ff @(posedge aclk) if (take) kept <= in;
            wire unused = &{1'b0, aresetn};
        end
    endgenerate
endmodule
