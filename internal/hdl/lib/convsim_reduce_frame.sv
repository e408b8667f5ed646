// Pooling over a whole frame of PIXELS pixels of FOLDS beats: of every channel the
// greatest element, or the sum, in an accumulator of its own. HOW is that of
// convsim_combine. Beats of the last pixel are taken if the output register is
// empty or handed over, others always.
module convsim_reduce_frame #(
    parameter LANES = 1,
    parameter PIXELS = 1,
    parameter FOLDS = 1,
    parameter IB = 8,
    parameter ISIGNED = 1,
    parameter OB = 8,
    parameter HOW = 3
) (
    input  wire                aclk,
    input  wire                aresetn,
    input  wire                s_valid,
    output wire                s_ready,
    input  wire [LANES*IB-1:0] s_data,
    output wire                m_valid,
    input  wire                m_ready,
    output wire [LANES*OB-1:0] m_data
);
    localparam NW = $clog2(PIXELS + 1);
    localparam FW = FOLDS > 1 ? $clog2(FOLDS) : 1;
    logic [NW-1:0] pixel;
    logic [FW-1:0] fold;
    logic full;
    logic [LANES*OB-1:0] word;
    wire [LANES*OB-1:0] held, reduced;
    wire last_fold = fold == FW'(FOLDS - 1);
    wire last = pixel == NW'(PIXELS - 1);
    wire take = s_valid && s_ready;

    assign s_ready = !last || !full || m_ready;
    assign m_valid = full;
    assign m_data = word;

    genvar i;
    generate
        for (i = 0; i < LANES; i = i + 1) begin : g_lane
            wire [IB-1:0] x = s_data[i*IB +: IB];
            wire [OB-1:0] wide, both;
            if (OB > IB) begin : g_wider
                assign wide = {{(OB - IB) {ISIGNED != 0 && x[IB-1]}}, x};
            end else begin : g_same
                assign wide = x;
            end
            convsim_combine #(.AB(OB), .ASIGNED(ISIGNED), .BB(OB), .BSIGNED(ISIGNED), .OB(OB), .HOW(HOW)) combine (
                .a(held[i*OB +: OB]), .b(wide), .y(both)
            );
            assign reduced[i*OB +: OB] = pixel == '0 ? wide : both;
        end
        if (FOLDS > 1) begin : g_memory
            (* ram_style = "distributed" *) logic [LANES*OB-1:0] memory[0:FOLDS-1];
            always_ff @(posedge aclk) if (take) memory[fold] <= reduced;
            assign held = memory[fold];
        end else begin : g_register
            logic [LANES*OB-1:0] sums;
            always_ff @(posedge aclk) if (take) sums <= reduced;
            assign held = sums;
        end
    endgenerate

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            pixel <= '0;
            fold <= '0;
            full <= 1'b0;
        end else begin
            full <= (take && last) || (full && !m_ready);
            if (take) begin
                fold <= last_fold ? '0 : fold + 1'b1;
                if (last_fold) pixel <= last ? '0 : pixel + 1'b1;
            end
        end
    end
    always_ff @(posedge aclk) if (take && last) word <= reduced;
endmodule
