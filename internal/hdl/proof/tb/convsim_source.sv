// Offers beats in the cycles in which its gate is open, each until it is taken.
module convsim_source #(
    parameter WIDTH = 8,
    parameter BEATS = 1,
    parameter OPEN = 1,
    parameter WORDS = 1,
    parameter FILE = "source.mem",
    parameter GATE = "gate.mem"
) (
    input  wire             aclk,
    input  wire             running,
    input  wire [47:0]      cycle,
    output wire             tvalid,
    input  wire             tready,
    output wire [WIDTH-1:0] tdata
);
    logic [WIDTH-1:0] beats[0:BEATS-1];
    logic [63:0] gate[0:WORDS-1];
    logic [47:0] n;
    logic offered;
    initial begin
        $readmemh(FILE, beats);
        if (OPEN == 0) $readmemh(GATE, gate);
        n = 48'd0;
        offered = 1'b0;
    end
    wire open = OPEN != 0 || gate[cycle[37:6]][cycle[5:0]];
    assign tvalid = running && n < 48'(BEATS) && (open || offered);
    assign tdata = n < 48'(BEATS) ? beats[n[31:0]] : '0;
    wire unused = &{1'b0, cycle[47:38]};
    always @(posedge aclk) begin
        offered <= tvalid && !tready;
        if (tvalid && tready) n <= n + 48'd1;
    end
endmodule
