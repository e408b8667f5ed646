// Takes beats in the cycles in which its gate is open, and holds every one to what
// it should be: below, the beat; above, which of its bits matter.
module convsim_sink #(
    parameter NUMBER = 0,
    parameter WIDTH = 8,
    parameter BEATS = 1,
    parameter FRAME = 1,
    parameter OPEN = 1,
    parameter WORDS = 1,
    parameter FILE = "expect.mem",
    parameter GATE = "gate.mem"
) (
    input  wire             aclk,
    input  wire             running,
    input  wire             report,
    input  wire [47:0]      cycle,
    input  wire             tvalid,
    output wire             tready,
    input  wire [WIDTH-1:0] tdata,
    input  wire             tlast,
    output wire             done
);
    logic [2*WIDTH-1:0] beats[0:BEATS-1];
    logic [63:0] gate[0:WORDS-1];
    logic [47:0] n, at;
    logic differs, last;
    logic [WIDTH-1:0] got, want;
    initial begin
        $readmemh(FILE, beats);
        if (OPEN == 0) $readmemh(GATE, gate);
        n = 48'd0;
        at = 48'd0;
        differs = 1'b0;
        last = 1'b0;
        got = '0;
        want = '0;
    end
    assign tready = running && (OPEN != 0 || gate[cycle[37:6]][cycle[5:0]]);
    assign done = n >= 48'(BEATS);
    wire [2*WIDTH-1:0] now = beats[done ? 32'd0 : n[31:0]];
    wire [WIDTH-1:0] mask = now[2*WIDTH-1:WIDTH];
    wire ends = (n + 48'd1) % 48'(FRAME) == 48'd0;
    wire unused = &{1'b0, cycle[47:38]};
    always @(posedge aclk) begin
        if (tvalid && tready && !done) begin
            n <= n + 48'd1;
            if (!differs && ((tdata & mask) !== (now[WIDTH-1:0] & mask) || tlast !== ends)) begin
                differs <= 1'b1;
                last <= tlast !== ends;
                at <= n;
                want <= now[WIDTH-1:0] & mask;
                got <= tdata & mask;
            end
        end
        if (report) begin
            if (differs && last) $display("output %0d last %0d", NUMBER, at);
            else if (differs) $display("output %0d differs %0d want %h got %h", NUMBER, at, want, got);
            else if (!done) $display("output %0d lacks %0d", NUMBER, n);
            else $display("output %0d equal %0d", NUMBER, n);
        end
    end
endmodule
