// A batch of TAKE beats comes in whole, then GIVE beats leave, each one of those or
// FILL, in the order of a table: from bit 0 the place, above it one that asks for
// FILL. The next batch enters when all have left.
module convsim_batch #(
    parameter WIDTH = 8,
    parameter TAKE = 1,
    parameter GIVE = 1,
    parameter PW = 1,
    parameter [WIDTH-1:0] FILL = '0,
    parameter ORDER_BLOCK = 0,
    parameter FILE = "order.mem"
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             s_valid,
    output wire             s_ready,
    input  wire [WIDTH-1:0] s_data,
    output wire             m_valid,
    input  wire             m_ready,
    output wire [WIDTH-1:0] m_data
);
    localparam TW = $clog2(TAKE + 1);
    localparam GW = $clog2(GIVE + 1);
    logic [TW-1:0] taken;
    logic [GW-1:0] gone;
    wire [PW:0] place;
    wire all = taken == TW'(TAKE);
    wire give = all && m_ready;
    wire ends = give && gone == GW'(GIVE - 1);

    assign s_ready = !all;
    assign m_valid = all;

    convsim_words #(.WIDTH(PW + 1), .WORDS(GIVE), .BLOCK(ORDER_BLOCK), .FILE(FILE)) order (
        .aclk(aclk), .aresetn(aresetn), .advance(give), .word(place)
    );

    (* ram_style = "distributed" *) logic [WIDTH-1:0] memory[0:TAKE-1];
    always_ff @(posedge aclk) if (s_valid && s_ready) memory[taken[PW-1:0]] <= s_data;
    assign m_data = place[PW] ? FILL : memory[place[PW-1:0]];
    wire unused = &{1'b0, taken};

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            taken <= '0;
            gone <= '0;
        end else begin
            if (s_valid && s_ready) taken <= taken + 1'b1;
            if (give) gone <= gone + 1'b1;
            if (ends) begin
                taken <= '0;
                gone <= '0;
            end
        end
    end
endmodule
