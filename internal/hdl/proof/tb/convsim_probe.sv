// Holds every handshake at one end of an edge to the cycle in which it should be:
// runs of handshakes in consecutive cycles, the first one and the last one of each.
module convsim_probe #(
    parameter NUMBER = 0,
    parameter BEATS = 1,
    parameter [31:0] SPANS = 1,
    parameter FILE = "trace.mem"
) (
    input  wire        aclk,
    input  wire        running,
    input  wire        report,
    input  wire [47:0] cycle,
    input  wire        moves,
    output wire        done
);
    logic [95:0] spans[0:SPANS-1];
    logic [47:0] n, want, got;
    logic [31:0] at;
    logic differs;
    initial begin
        $readmemh(FILE, spans);
        n = 48'd0;
        got = 48'd0;
        at = 32'd0;
        differs = 1'b0;
        want = spans[0][95:48];
    end
    assign done = differs || n >= 48'(BEATS);
    wire [95:0] span = spans[at];
    wire [95:0] after = spans[at + 32'd1 < SPANS ? at + 32'd1 : 32'd0];
    wire unused = &{1'b0, span[95:48], after[47:0]};
    always @(posedge aclk) begin
        if (running && moves === 1'b1 && !done) begin
            if (cycle != want) begin
                differs <= 1'b1;
                got <= cycle;
            end else begin
                n <= n + 48'd1;
                want <= want + 48'd1;
                if (want == span[47:0]) begin
                    at <= at + 32'd1;
                    want <= after[95:48];
                end
            end
        end
        if (report) begin
            if (differs) $display("end %0d differs %0d want %0d got %0d", NUMBER, n, want, got);
            else if (n < 48'(BEATS)) $display("end %0d lacks %0d want %0d", NUMBER, n, want);
            else $display("end %0d equal %0d", NUMBER, n);
        end
    end
endmodule
