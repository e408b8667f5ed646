// in + ZP, limited to MIN and MAX. Of a number too wide to fit only the sign counts.
module convsim_fit #(
    parameter WIDTH = 48,
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127
) (
    input  wire [WIDTH-1:0] in,
    output wire [OB-1:0]    out
);
    localparam NB = OB + 2; // of a number that may fit
    localparam SB = OB + 3;
    localparam [OB-1:0] LEAST = OB'(MIN);
    localparam [OB-1:0] MOST = OB'(MAX);
    wire signed [NB-1:0] near;
    generate
        if (WIDTH > NB) begin : g_wide
            wire sign = in[WIDTH-1];
            wire far = |(in[WIDTH-2:NB-1] ^ {(WIDTH - NB) {sign}});
            assign near = $signed({sign, (in[NB-2:0] & ~{(NB - 1) {far}}) | {(NB - 1) {far && !sign}}});
        end else begin : g_narrow
            assign near = $signed({{(NB - WIDTH) {in[WIDTH-1]}}, in});
        end
    endgenerate
    wire signed [SB-1:0] moved = SB'(near) + SB'($signed(ZP));
    wire below, above;
    generate
        if (MIN == -(1 << (OB - 1)) && MAX == (1 << (OB - 1)) - 1) begin : g_signed
            assign below = moved[SB-1] && !(&moved[SB-1:OB-1]);
            assign above = !moved[SB-1] && |moved[SB-1:OB-1];
        end else if (MIN == 0 && MAX == (1 << OB) - 1) begin : g_unsigned
            assign below = moved[SB-1];
            assign above = !moved[SB-1] && |moved[SB-1:OB];
        end else begin : g_any
            assign below = moved < SB'($signed(MIN));
            assign above = moved > SB'($signed(MAX));
        end
    endgenerate
    assign out = below ? LEAST : above ? MOST : moved[OB-1:0];
endmodule
