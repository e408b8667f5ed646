// A float32 of a sign, an exponent and a mantissa whose top bit is set, of which
// 24 bits stay, or fewer below the normal numbers: rounded half to even. What is too
// large is infinite.
module convsim_float_round #(
    parameter MB = 48
) (
    input  wire               sign,
    input  wire signed [12:0] exponent,
    input  wire [MB-1:0]      mantissa,
    input  wire               zero,
    output wire [31:0]        y
);
    localparam GB = MB + 6; // bits that go, with 30 more
    function automatic [30:0] rounded(input signed [12:0] e, input [MB-1:0] m);
        logic [5:0] down;
        logic [12:0] under;
        logic [MB+29:0] moved;
        logic [30:0] value;
        begin
            under = 13'sd1 - e;
            down = e >= 13'sd1 ? 6'd0 : under > 13'd30 ? 6'd30 : under[5:0];
            moved = {m, 30'd0} >> down;
            value = {e >= 13'sd1 ? e[7:0] : 8'd0, moved[MB+28:GB]} + 31'(moved[GB-1] && (moved[GB-2:0] != '0 || moved[GB]));
            rounded = e > 13'sd254 || (e >= 13'sd1 && value[30:23] == 8'hff) ? 31'h7f800000 : value[30:0];
        end
    endfunction
    assign y = {sign, zero ? 31'd0 : rounded(exponent, mantissa)};
endmodule
