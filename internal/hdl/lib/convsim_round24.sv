// A number without a sign rounded to 24 significant bits, half to even: what a
// float32 holds of it. Just under half of what goes is added, and the lowest bit
// that stays; then what goes is cut off.
module convsim_round24 #(
    parameter WIDTH = 32
) (
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    generate
        if (WIDTH <= 24) begin : g_whole
            assign out = in;
        end else begin : g_round
            localparam MOST = WIDTH > 24 ? WIDTH - 24 : 1;
            logic [MOST-1:0] gone; // the bits that go
            logic odd;
            localparam integer END = WIDTH;
            integer i;
            always_comb begin
                gone = '0;
                odd = 1'b0;
                for (i = 24; i < END; i = i + 1) begin
                    if (in[i]) begin
                        gone = ~({MOST{1'b1}} << (i - 23));
                        odd = in[i-23];
                    end
                end
            end
            wire [MOST-1:0] nudge = gone >> 1;
            wire [WIDTH-1:0] nudged = in + WIDTH'(nudge) + WIDTH'(odd);
            wire [WIDTH-1:0] cut = WIDTH'(gone);
            assign out = nudged & ~cut;
        end
    endgenerate
endmodule
