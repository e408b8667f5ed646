// Vectors of BEATS beats, of which FOLDS come in turns, a beat of each: reduced, which
// the user makes of the beat that comes and of held, is held for the next beat of its
// vector, and is the result behind the last one (m_data). first: held is nothing yet.
// A last beat is taken if the output register is empty or handed over, others always.
module convsim_gather #(
    parameter WIDTH = 8,
    parameter BEATS = 9,
    parameter FOLDS = 1
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             s_valid,
    output wire             s_ready,
    output wire             first,
    output wire [WIDTH-1:0] held,
    input  wire [WIDTH-1:0] reduced,
    output wire             m_valid,
    input  wire             m_ready,
    output wire [WIDTH-1:0] m_data
);
    localparam NW = $clog2(BEATS + 1);
    logic [NW-1:0] at;
    logic full;
    logic [WIDTH-1:0] word;
    wire ends;
    wire last = at == NW'(BEATS - 1);
    wire take = s_valid && s_ready;

    assign first = at == '0;
    assign s_ready = !last || !full || m_ready;
    assign m_valid = full;
    assign m_data = word;

    generate
        if (FOLDS > 1) begin : g_memory
            localparam FW = $clog2(FOLDS);
            logic [FW-1:0] fold;
            (* ram_style = "distributed" *) logic [WIDTH-1:0] memory[0:FOLDS-1];
            assign ends = fold == FW'(FOLDS - 1);
            assign held = memory[fold];
            always_ff @(posedge aclk) begin
                if (!aresetn) fold <= '0;
                else if (take) fold <= ends ? '0 : fold + 1'b1;
            end
            always_ff @(posedge aclk) if (take) memory[fold] <= reduced;
        end else begin : g_register
            logic [WIDTH-1:0] kept;
            assign ends = 1'b1;
            assign held = kept;
            always_ff @(posedge aclk) if (take) kept <= reduced;
        end
    endgenerate

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            at <= '0;
            full <= 1'b0;
        end else begin
            full <= (take && last) || (full && !m_ready);
            if (take && ends) at <= last ? '0 : at + 1'b1;
        end
    end
    always_ff @(posedge aclk) if (take && last) word <= reduced;
endmodule
