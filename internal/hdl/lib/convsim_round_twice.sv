// in / 2^SHIFT, rounded half to even twice: to 24 significant bits, as a float32
// is, and then to a whole number. Whatever is 2^OB or more becomes 2^OB.
//
// The first rounding matters only where it makes an exact half of a fraction near
// one: of a fraction of which KEPT bits stay, one from a half on with zeros behind
// its first bit that is not rounded up, or one below with nothing but ones that is.
module convsim_round_twice #(
    parameter WIDTH = 48,
    parameter SHIFT = 24,
    parameter OB = 8
) (
    input  wire [WIDTH-1:0] in,
    output wire [OB:0]      out
);
    localparam TAIL = 27; // bits of a fraction that there always are
    localparam FB = SHIFT + TAIL;
    localparam ALL = (WIDTH > SHIFT + OB ? WIDTH : SHIFT + OB) + 1;
    wire [ALL-1:0] wide = ALL'(in);
    wire [ALL+TAIL-1:0] scaled = {wide, {TAIL{1'b0}}};
    wire [OB-1:0] whole = wide[SHIFT +: OB];
    wire [FB-1:0] fraction = scaled[FB-1:0];
    wire half = fraction[FB-1];
    wire beyond = |wide[ALL-1:SHIFT+OB];

    // By the length of the whole part. Without one, a fraction below a half has its
    // first significant bit a place further down.
    wire [OB:0] ties;
    genvar n;
    generate
        for (n = 0; n <= OB; n = n + 1) begin : g_length
            localparam KEPT = 24 - n;
            localparam BELOW = n == 0 ? 25 : KEPT;
            wire zeros = ~|fraction[FB-2:FB-KEPT];
            wire up = fraction[FB-KEPT-1] && |fraction[FB-KEPT-2:0];
            wire ones = &fraction[FB-2:FB-BELOW] && fraction[FB-BELOW-1];
            wire longer;
            if (n < OB) begin : g_longer
                assign longer = |whole[OB-1:n];
            end else begin : g_longest
                assign longer = 1'b0;
            end
            wire long;
            if (n > 0) begin : g_long
                assign long = whole[n-1];
            end else begin : g_none
                assign long = 1'b1;
            end
            assign ties[n] = long && !longer && (half ? zeros && !up : ones);
        end
    endgenerate
    wire lift = |ties ? whole[0] : half;
    assign out = beyond ? {1'b1, {OB{1'b0}}} : {1'b0, whole} + (OB + 1)'(lift);
    wire unused = &{1'b0, scaled};
endmodule
