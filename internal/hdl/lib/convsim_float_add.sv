// The sum of two floats of E bits of exponent and M of mantissa, rounded half to
// even: float32, or 11 and 52 bits, float64. Both must be finite. It is one function,
// since a simulator would work out every step of a chain of sums again and again.
module convsim_float_add #(
    parameter E = 8,
    parameter M = 23
) (
    input  wire  [E+M:0] a,
    input  wire  [E+M:0] b,
    output wire  [E+M:0] y
);
    // Below the mantissa 27 bits, the lowest of which tells that something was lost.
    localparam W = M + 28;
    localparam integer END = W + 1;
    localparam ZW = $clog2(W + 2);
    function automatic [E+M:0] plus(input [E+M:0] p, input [E+M:0] q);
        logic [E+M:0] bigger, lesser, packed_sum;
        logic [E-1:0] le, se, distance, by;
        logic [W-1:0] lm, sm, moved;
        logic [W:0] aligned, total, normal;
        logic [ZW-1:0] zeros;
        logic [E:0] exponent;
        logic up;
        integer place;
        begin
            bigger = q[E+M-1:0] > p[E+M-1:0] ? q : p;
            lesser = q[E+M-1:0] > p[E+M-1:0] ? p : q;
            le = bigger[E+M-1:M] == '0 ? E'(1) : bigger[E+M-1:M];
            se = lesser[E+M-1:M] == '0 ? E'(1) : lesser[E+M-1:M];
            lm = {bigger[E+M-1:M] != '0, bigger[M-1:0], 27'd0};
            sm = {lesser[E+M-1:M] != '0, lesser[M-1:0], 27'd0};
            distance = le - se;
            moved = sm >> distance;
            aligned = {1'b0, moved[W-1:1], moved[0] || (moved << distance) != sm};
            total = bigger[E+M] == lesser[E+M] ? {1'b0, lm} + aligned : {1'b0, lm} - aligned;

            // How far the leading one is from the top, as far as the exponent allows,
            // which is le + 1 there.
            zeros = ZW'(W + 1);
            for (place = 0; place < END; place = place + 1) if (total[place]) zeros = ZW'(W - place);
            by = E'(zeros) > le ? le : E'(zeros);
            normal = total << by;
            exponent = normal[W] ? {1'b0, le} + (E + 1)'(1) - {1'b0, by} : '0;
            up = normal[27] && (normal[28] || normal[26:0] != '0);
            // A carry out of the mantissa counts the exponent up.
            packed_sum = {exponent, normal[W-1:28]} + (E + M + 1)'(up);
            plus[E+M-1:0] = packed_sum[E+M] || &packed_sum[E+M-1:M] ? {{E{1'b1}}, {M{1'b0}}} : packed_sum[E+M-1:0];
            plus[E+M] = total == '0 ? p[E+M] && q[E+M] : bigger[E+M];
        end
    endfunction
    assign y = plus(a, b);
endmodule
