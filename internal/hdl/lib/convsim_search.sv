// How many of 2^LEVELS - 1 ascending thresholds, the first one at place 1, a key
// reaches: bit by bit, the highest first.
module convsim_search #(
    parameter KB = 33,
    parameter LEVELS = 8,
    parameter FILE = "steps.mem"
) (
    input  wire [KB-1:0]     key,
    output wire [LEVELS-1:0] reached
);
    logic [KB-1:0] memory[0:(1<<LEVELS)-1];
    initial $readmemh(FILE, memory);
    genvar i;
    generate
        for (i = LEVELS; i >= 0; i = i - 1) begin : g_level
            wire [LEVELS-1:0] found;
            if (i == LEVELS) begin : g_none
                assign found = '0;
            end else begin : g_bit
                wire [LEVELS-1:0] tried = g_level[i+1].found | LEVELS'(1 << i);
                wire [KB-1:0] step = memory[tried];
                assign found = $signed(key) >= $signed(step) ? tried : g_level[i+1].found;
            end
        end
    endgenerate
    assign reached = g_level[0].found;
endmodule
