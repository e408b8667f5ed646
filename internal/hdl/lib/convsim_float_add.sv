// The sum of two float32 numbers, rounded half to even. Both must be finite.
module convsim_float_add (
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] y
);
    // The larger one first; below its mantissa 27 bits, the lowest of which tells
    // that something was lost.
    wire swap = b[30:0] > a[30:0];
    wire [31:0] bigger = swap ? b : a;
    wire [31:0] lesser = swap ? a : b;
    wire [7:0] le = bigger[30:23] == 8'd0 ? 8'd1 : bigger[30:23];
    wire [7:0] se = lesser[30:23] == 8'd0 ? 8'd1 : lesser[30:23];
    wire [50:0] lm = {bigger[30:23] != 8'd0, bigger[22:0], 27'd0};
    wire [50:0] sm = {lesser[30:23] != 8'd0, lesser[22:0], 27'd0};
    wire [7:0] distance = le - se;
    wire [50:0] moved = sm >> distance;
    wire [50:0] back = moved << distance;
    wire lost = back != sm;
    wire [51:0] aligned = {1'b0, moved | 51'(lost)};
    wire [51:0] sum = bigger[31] == lesser[31] ? {1'b0, lm} + aligned : {1'b0, lm} - aligned;

    // How far the leading one is from the top, as far as the exponent allows.
    logic [5:0] zeros;
    integer i;
    always_comb begin
        zeros = 6'd52;
        for (i = 0; i < 52; i = i + 1) if (sum[i]) zeros = 6'(51 - i);
    end
    wire [7:0] most = le; // the exponent of bit 51 is le + 1
    wire [7:0] by = 8'(zeros) > most ? most : 8'(zeros);
    wire [51:0] normal = sum << by;
    wire [8:0] exponent = {1'b0, le} + 9'd1 - {1'b0, by};
    wire tie = normal[27:0] == 28'h8000000;
    wire up = normal[27] && (!tie || normal[28]);
    // A carry out of the mantissa counts the exponent up; without a leading one it
    // is that of numbers below the normal ones.
    wire [8:0] stored = normal[51] ? exponent : 9'd0;
    wire [31:0] packed_sum = {stored, normal[50:28]} + 32'(up);
    wire infinite = packed_sum[31] || &packed_sum[30:23];
    wire zero = sum == 52'd0;
    wire sign = zero ? a[31] && b[31] : bigger[31];
    assign y = {sign, infinite ? 31'h7f800000 : packed_sum[30:0]};
endmodule
