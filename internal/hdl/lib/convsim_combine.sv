// Two elements combined. HOW: 0 sum, 1 difference, 2 product, 3 greater, 4 less (of
// integers, which wrap round); 5 sum, 6 difference, 7 greater, 8 less (of float32);
// 9 a table, the second element in the high bits of the place; 10 product, 11 quotient
// (of float32).
module convsim_combine #(
    parameter AB = 8,
    parameter ASIGNED = 1,
    parameter BB = 8,
    parameter BSIGNED = 1,
    parameter OB = 32,
    parameter HOW = 0,
    parameter FILE = "table.mem"
) (
    input  wire [AB-1:0] a,
    input  wire [BB-1:0] b,
    output wire [OB-1:0] y
);
    generate
        if (HOW == 9) begin : g_table
            convsim_lookup #(.AW(AB + BB), .OB(OB), .WORD(OB), .WORDS(1 << (AB + BB)), .FILE(FILE)) lookup (.at({b, a}), .out(y));
        end else if (HOW == 5 || HOW == 6) begin : g_float
            convsim_float_add add (.a(a), .b({b[31] ^ (HOW == 6), b[30:0]}), .y(y));
        end else if (HOW == 10) begin : g_float_product
            convsim_float_multiply multiply (.a(a), .b(b), .y(y));
        end else if (HOW == 11) begin : g_float_quotient
            convsim_float_divide divide (.a(a), .b(b), .y(y));
        end else if (HOW == 7 || HOW == 8) begin : g_float_order
            wire signed [31:0] a_key = $signed({a[31], a[30:0] ^ {31{a[31]}}});
            wire signed [31:0] b_key = $signed({b[31], b[30:0] ^ {31{b[31]}}});
            assign y = (a_key > b_key) == (HOW == 7) ? a : b;
        end else begin : g_integer
            localparam WIDE = 34;
            wire signed [WIDE-1:0] wa = $signed({{(WIDE - AB) {ASIGNED != 0 && a[AB-1]}}, a});
            wire signed [WIDE-1:0] wb = $signed({{(WIDE - BB) {BSIGNED != 0 && b[BB-1]}}, b});
            wire signed [WIDE-1:0] all = HOW == 0 ? wa + wb : HOW == 1 ? wa - wb : HOW == 2 ? wa * wb :
                (wa > wb) == (HOW == 3) ? wa : wb;
            assign y = all[OB-1:0];
            wire unused = &{1'b0, all};
        end
    endgenerate
endmodule
