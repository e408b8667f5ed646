// A number given as its size, of which OB + 1 bits count, and its sign; then as
// convsim_fit.
module convsim_signed_fit #(
    parameter OB = 8,
    parameter ZP = 0,
    parameter MIN = -128,
    parameter MAX = 127
) (
    input  wire          sign,
    input  wire [OB:0]   size,
    output wire [OB-1:0] out
);
    wire [OB+1:0] value = ({1'b0, size} ^ {(OB + 2) {sign}}) + (OB + 2)'(sign);
    convsim_fit #(.WIDTH(OB + 2), .OB(OB), .ZP(ZP), .MIN(MIN), .MAX(MAX)) fit (.in(value), .out(out));
endmodule
