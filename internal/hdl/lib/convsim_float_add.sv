// The sum of two floats of E bits of exponent and M of mantissa, rounded half to
// even: float32, or 11 and 52 bits, float64. Both must be finite.
module convsim_float_add #(
    parameter E = 8,
    parameter M = 23
) (
    input  wire [E+M:0] a,
    input  wire [E+M:0] b,
    output wire [E+M:0] y
);
    // The larger one first; below its mantissa 27 bits, the lowest of which tells
    // that something was lost.
    localparam W = M + 28;
    localparam ZW = $clog2(W + 2);
    localparam [E-1:0] LOW = E'(1);
    wire swap = b[E+M-1:0] > a[E+M-1:0];
    wire [E+M:0] bigger = swap ? b : a;
    wire [E+M:0] lesser = swap ? a : b;
    wire [E-1:0] le = bigger[E+M-1:M] == '0 ? LOW : bigger[E+M-1:M];
    wire [E-1:0] se = lesser[E+M-1:M] == '0 ? LOW : lesser[E+M-1:M];
    wire [W-1:0] lm = {bigger[E+M-1:M] != '0, bigger[M-1:0], 27'd0};
    wire [W-1:0] sm = {lesser[E+M-1:M] != '0, lesser[M-1:0], 27'd0};
    wire [E-1:0] distance = le - se;
    wire [W-1:0] moved = sm >> distance;
    wire [W-1:0] back = moved << distance;
    wire lost = back != sm;
    wire [W:0] aligned = {1'b0, moved | W'(lost)};
    wire [W:0] sum = bigger[E+M] == lesser[E+M] ? {1'b0, lm} + aligned : {1'b0, lm} - aligned;

    // How far the leading one is from the top, as far as the exponent allows.
    logic [ZW-1:0] zeros;
    integer i;
    always_comb begin
        zeros = ZW'(W + 1);
        for (i = 0; i <= W; i = i + 1) if (sum[i]) zeros = ZW'(W - i);
    end
    wire [E-1:0] wide_zeros = E'(zeros);
    wire [E-1:0] by = wide_zeros > le ? le : wide_zeros; // the exponent of the top bit is le + 1
    wire [W:0] normal = sum << by;
    wire [E:0] exponent = {1'b0, le} + (E + 1)'(1) - {1'b0, by};
    wire tie = normal[27:0] == 28'h8000000;
    wire up = normal[27] && (!tie || normal[28]);
    // A carry out of the mantissa counts the exponent up; without a leading one it
    // is that of numbers below the normal ones.
    wire [E:0] stored = normal[W] ? exponent : '0;
    wire [E+M:0] packed_sum = {stored, normal[W-1:28]} + (E + M + 1)'(up);
    wire infinite = packed_sum[E+M] || &packed_sum[E+M-1:M];
    wire zero = sum == '0;
    wire sign = zero ? a[E+M] && b[E+M] : bigger[E+M];
    assign y = {sign, infinite ? {{E{1'b1}}, {M{1'b0}}} : packed_sum[E+M-1:0]};
endmodule
