// The serial window: a cyclic line buffer of DEPTH beats, read a tap a cycle: per
// output pixel and group fold (a unit), kernel row, kernel column, channel fold.
// Where the next read lies moves by one of seven constants. A beat may come in if
// the one it replaces is neither read any more in this unit nor in a later one. With
// a stride of 0 the same rows are read again.
module convsim_window_serial #(
    parameter WIDTH = 8,
    parameter H = 4,
    parameter W = 4,
    parameter KH = 3,
    parameter KW = 3,
    parameter SH = 1,
    parameter SW = 1,
    parameter DH = 1,
    parameter DW = 1,
    parameter OH = (H - (KH - 1) * DH - 1) / SH + 1,
    parameter OW = (W - (KW - 1) * DW - 1) / SW + 1,
    parameter GF = 1,
    parameter CF = 1,
    parameter DEPTH = 11,
    parameter OVERLAP = 0,
    parameter BLOCK = 0
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
    localparam PIXEL = GF * CF;
    localparam ROW = W * PIXEL;
    localparam BEATS = H * ROW;
    localparam REACH = (KH - 1) * DH * ROW + (KW - 1) * DW * PIXEL + CF - 1;

    // From a unit's first beat to that of the next one.
    localparam UNIT_G = CF;
    localparam UNIT_X = SW * PIXEL - (GF - 1) * CF;
    localparam UNIT_Y = SH * ROW - (OW - 1) * SW * PIXEL - (GF - 1) * CF;
    // From a read to the next one.
    localparam STEP_X = DW * PIXEL - (CF - 1);
    localparam STEP_Y = DH * ROW - (KW - 1) * DW * PIXEL - (CF - 1);
    localparam STEP_F = BEATS - (OH - 1) * SH * ROW - (OW - 1) * SW * PIXEL - (GF - 1) * CF - REACH;

    localparam BW = $clog2(BEATS + DEPTH + 1) + 1;
    localparam PW = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam [PW-1:0] LAST = PW'(DEPTH - 1);
    localparam CW = $clog2(CF + 1);
    localparam GW = $clog2(GF + 1);
    localparam KXW = $clog2(KW + 1);
    localparam KYW = $clog2(KH + 1);
    localparam XW = $clog2(OW + 1);
    localparam YW = $clog2(OH + 1);

    // The same round the ring.
    localparam [PW-1:0] RING_C = PW'(((1) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_X = PW'(((STEP_X) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_Y = PW'(((STEP_Y) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_UG = PW'(((UNIT_G - REACH) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_UX = PW'(((UNIT_X - REACH) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_UY = PW'(((UNIT_Y - REACH) % DEPTH + DEPTH) % DEPTH);
    localparam [PW-1:0] RING_F = PW'(((STEP_F) % DEPTH + DEPTH) % DEPTH);

    // Beats stored of the frame that is read, below 0 while those of the frame before
    // still come; the next read; the unit's first beat.
    logic signed [BW-1:0] stored, next, base;
    logic [PW-1:0] wr, rd;
    logic [CW-1:0] c;
    logic [KXW-1:0] kx;
    logic [KYW-1:0] ky;
    logic [GW-1:0] g;
    logic [XW-1:0] ox;
    logic [YW-1:0] oy;
    logic done, full;

    wire last_c = c == CW'(CF - 1);
    wire last_kx = kx == KXW'(KW - 1);
    wire last_ky = ky == KYW'(KH - 1);
    wire last_g = g == GW'(GF - 1);
    wire last_x = ox == XW'(OW - 1);
    wire last_y = oy == YW'(OH - 1);
    wire unit_ends = last_c && last_kx && last_ky;
    wire last_unit = last_g && last_x && last_y;

    wire signed [BW-1:0] unit = base + $signed(!last_g ? BW'(UNIT_G) : !last_x ? BW'(UNIT_X) : BW'(UNIT_Y));
    wire signed [BW-1:0] tap = next + $signed(!last_c ? BW'(1) : !last_kx ? BW'(STEP_X) : BW'(STEP_Y));
    wire [PW-1:0] ring_tap = !last_c ? RING_C : !last_kx ? RING_X : RING_Y;
    wire [PW-1:0] ring_unit = !last_g ? RING_UG : !last_x ? RING_UX : !last_y ? RING_UY : RING_F;
    wire [PW:0] turned = {1'b0, rd} + {1'b0, unit_ends ? ring_unit : ring_tap};
    wire [PW:0] less = turned - (PW + 1)'(DEPTH);

    wire room = done || (stored < next + $signed(BW'(DEPTH)) && (last_unit || stored < unit + $signed(BW'(DEPTH))));
    wire take = s_valid && s_ready;
    wire fetch = !done && next < stored && (!full || m_ready);
    wire signed [BW-1:0] grown = stored + $signed(BW'(take));
    wire ends = done && !(full && !m_ready) && grown == $signed(BW'(BEATS));

    assign s_ready = room && (OVERLAP != 0 || stored < $signed(BW'(BEATS)));
    assign m_valid = full;

    always_ff @(posedge aclk) begin
        if (!aresetn) begin
            stored <= '0;
            next <= '0;
            base <= '0;
            wr <= '0;
            rd <= '0;
            c <= '0;
            kx <= '0;
            ky <= '0;
            g <= '0;
            ox <= '0;
            oy <= '0;
            done <= 1'b0;
            full <= 1'b0;
        end else begin
            full <= fetch || (full && !m_ready);
            stored <= grown;
            if (take) wr <= wr == LAST ? '0 : wr + 1'b1;
            if (fetch) begin
                rd <= less[PW] ? turned[PW-1:0] : less[PW-1:0];
                c <= last_c ? '0 : c + 1'b1;
                if (last_c) kx <= last_kx ? '0 : kx + 1'b1;
                if (last_c && last_kx) ky <= last_ky ? '0 : ky + 1'b1;
                next <= tap;
                if (unit_ends) begin
                    g <= last_g ? '0 : g + 1'b1;
                    if (last_g) ox <= last_x ? '0 : ox + 1'b1;
                    if (last_g && last_x) oy <= last_y ? '0 : oy + 1'b1;
                    next <= last_unit ? '0 : unit;
                    base <= last_unit ? '0 : unit;
                    if (last_unit) begin
                        if (OVERLAP != 0) stored <= grown - $signed(BW'(BEATS));
                        else done <= 1'b1;
                    end
                end
            end
            if (OVERLAP == 0 && ends) begin
                stored <= '0;
                done <= 1'b0;
            end
        end
    end

    convsim_buffer #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK)) buffer (
        .aclk(aclk), .write(take), .at(wr), .beat(s_data), .read(fetch), .from(rd), .word(m_data)
    );
endmodule
