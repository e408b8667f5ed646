package proof_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// bench runs a testbench of a module of the library, which prints what differs, in
// Icarus.
func bench(t *testing.T, text string, files map[string]string) string {
	t.Helper()
	for _, name := range []string{"iverilog", "vvp"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
	dir := t.TempDir()
	files["bench.sv"] = text
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	library, err := filepath.Abs("../lib")
	if err != nil {
		t.Fatal(err)
	}
	compile := exec.Command("iverilog", "-g2012", "-y", library, "-Y", ".sv", "-s", "bench", "-o", "bench.vvp", "bench.sv")
	compile.Dir = dir
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command("vvp", "bench.vvp")
	run.Dir = dir
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestPairIsExact tries all operands there are: two products out of one multiplier are
// those of two. Of activations less a zero point the least number never occurs.
func TestPairIsExact(t *testing.T) {
	for _, c := range []struct{ x, w, least int }{{4, 4, -8}, {5, 4, -15}, {3, 5, -4}, {6, 2, -31}} {
		t.Run(fmt.Sprintf("%dx%d", c.x, c.w), func(t *testing.T) {
			t.Parallel()
			apart := c.x + c.w
			if c.least > -1<<(c.x-1) {
				apart--
			}
			text := fmt.Sprintf(`module bench;
    localparam XB = %d, WB = %d, PB = XB + WB;
    logic signed [XB-1:0] x;
    logic signed [WB-1:0] u, v;
    wire signed [PB-1:0] p, q;
    convsim_pair #(.XB(XB), .WB(WB), .KB(%d)) pair (.aclk(1'b0), .x(x), .w0(u), .w1(v), .p0(p), .p1(q));
    integer a, b, c, n;
    initial begin
        n = 0;
        for (a = %d; a < 1 << (XB - 1); a = a + 1)
            for (b = -(1 << (WB - 1)); b < 1 << (WB - 1); b = b + 1)
                for (c = -(1 << (WB - 1)); c < 1 << (WB - 1); c = c + 1) begin
                    x = XB'(a); u = WB'(b); v = WB'(c);
                    #1 n = n + 1;
                    if (p != a * b || q != a * c) $display("%%0d times %%0d and %%0d: %%0d and %%0d", a, b, c, p, q);
                end
        $display("%%0d tried", n);
    end
endmodule
`, c.x, c.w, apart, c.least)
			all := (1<<(c.x-1) - c.least) << (2 * c.w)
			if got, want := bench(t, text, map[string]string{}), fmt.Sprintf("%d tried\n", all); got != want {
				t.Errorf("got %.300s, want %s", got, want)
			}
		})
	}
}

// TestRoundTwice rounds numbers close to halves, where two roundings are not one:
// to float32, and to a whole number.
func TestRoundTwice(t *testing.T) {
	for _, c := range []struct{ width, shift, out int }{{48, 24, 8}, {56, 40, 8}, {57, 33, 16}, {40, 16, 8}, {50, 45, 4}, {30, 3, 8}, {24, 0, 8}} {
		t.Run(fmt.Sprintf("%d>>%d", c.width, c.shift), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(24, uint64(c.width)))
			var vectors strings.Builder
			const count = 4000
			twice := 0
			for range count {
				in := near(r, c.width, c.shift, c.out)
				single := float64(float32(in))
				want := int64(math.Min(math.RoundToEven(math.Ldexp(single, -c.shift)), math.Ldexp(1, c.out)))
				if once := math.RoundToEven(math.Ldexp(float64(in), -c.shift)); int64(once) != want && want < 1<<c.out && c.width < 53 {
					twice++
				}
				fmt.Fprintf(&vectors, "%016x%08x\n", in, want)
			}
			if twice == 0 && c.shift > 20 && c.width < 53 {
				t.Error("no number that is rounded otherwise at once")
			}
			text := fmt.Sprintf(`module bench;
    logic [95:0] vectors[0:%d];
    logic [%d:0] in;
    wire [%d:0] out;
    convsim_round_twice #(.WIDTH(%d), .SHIFT(%d), .OB(%d)) round (.in(in), .out(out));
    integer i;
    initial begin
        $readmemh("vectors.mem", vectors);
        for (i = 0; i < %d; i = i + 1) begin
            in = vectors[i][95:32];
            #1 if (32'(out) !== vectors[i][31:0]) $display("%%h: %%h, want %%h", in, out, vectors[i][31:0]);
        end
        $display("done");
    end
endmodule
`, count-1, c.width-1, c.out, c.width, c.shift, c.out, count)
			if got := bench(t, text, map[string]string{"vectors.mem": vectors.String()}); got != "done\n" {
				t.Errorf("%.500s", got)
			}
		})
	}
}

// near draws a number of so many bits, mostly close to a half above a whole number of
// steps of 2^shift.
func near(r *rand.Rand, width, shift, out int) int64 {
	in := r.Int64N(1 << (1 + r.IntN(width)))
	if r.IntN(4) > 0 {
		in = r.Int64N(1<<r.IntN(out+1))<<shift + int64(1)<<shift>>1
		span := int64(1) << max(0, min(shift-1, shift-24+r.IntN(out+3)))
		in += r.Int64N(2*span+1) - span
	}
	return max(0, in) & (1<<width - 1)
}

// TestRound24 rounds whole numbers as float32 does.
func TestRound24(t *testing.T) {
	const width, count = 32, 4000
	r := rand.New(rand.NewPCG(32, 24))
	var vectors strings.Builder
	for range count {
		in := r.Int64N(1<<31 + 1)
		if r.IntN(2) == 0 { // near a half of the bits that go
			gone := 1 + r.IntN(width-1-24)
			in = (1<<23+r.Int64N(1<<23))<<gone + int64(1)<<gone>>1 + r.Int64N(3) - 1
		}
		fmt.Fprintf(&vectors, "%08x%08x\n", in, int64(float32(in)))
	}
	text := fmt.Sprintf(`module bench;
    logic [63:0] vectors[0:%d];
    logic [31:0] in;
    wire [31:0] out;
    convsim_round24 #(.WIDTH(32)) round (.in(in), .out(out));
    integer i;
    initial begin
        $readmemh("vectors.mem", vectors);
        for (i = 0; i < %d; i = i + 1) begin
            in = vectors[i][63:32];
            #1 if (out !== vectors[i][31:0]) $display("%%h: %%h, want %%h", in, out, vectors[i][31:0]);
        end
        $display("done");
    end
endmodule
`, count-1, count)
	if got := bench(t, text, map[string]string{"vectors.mem": vectors.String()}); got != "done\n" {
		t.Errorf("%.500s", got)
	}
}

// units compares a function of the library with vectors of what goes in and comes out,
// of so many bits.
func units(t *testing.T, declare string, in, out int, vectors []string) {
	t.Helper()
	digits := (out + 3) / 4 * 4
	text := fmt.Sprintf(`module bench;
    logic [%d:0] vectors[0:%d];
    logic [%d:0] in;
    wire [%d:0] out;
    %s
    wire [%d:0] want = vectors[i][%d:0];
    integer i;
    initial begin
        $readmemh("vectors.mem", vectors);
        for (i = 0; i < %d; i = i + 1) begin
            in = vectors[i][%d:%d];
            #1 if (out !== want) $display("%%h: %%h, want %%h", in, out, want);
        end
        $display("done");
    end
endmodule
`, in+digits-1, len(vectors)-1, in-1, out-1, declare, out-1, out-1, len(vectors), in+digits-1, digits)
	if got := bench(t, text, map[string]string{"vectors.mem": strings.Join(vectors, "\n") + "\n"}); got != "done\n" {
		t.Errorf("%.500s", got)
	}
}

// single draws a float32 of any size, often a short one or one below the normal ones.
func single(r *rand.Rand) float32 {
	for {
		b := r.Uint32()
		switch r.IntN(4) {
		case 0:
			b &^= 1<<r.IntN(24) - 1
		case 1:
			b &= 0x807fffff | uint32(r.IntN(3))<<23
		case 2:
			b = b&0x807fffff | uint32(120+r.IntN(16))<<23
		}
		if v := math.Float32frombits(b); !math.IsInf(float64(v), 0) && v == v {
			return v
		}
	}
}

// TestFloatUnits holds what computes with floats to the processor's.
func TestFloatUnits(t *testing.T) {
	const count = 3000
	r := rand.New(rand.NewPCG(32, 64))
	draw := func(of func() string) []string {
		list := make([]string, count)
		for i := range list {
			list[i] = of()
		}
		return list
	}
	t.Run("add", func(t *testing.T) {
		units(t, "convsim_float_add add (.a(in[63:32]), .b(in[31:0]), .y(out));", 64, 32, draw(func() string {
			a, b := single(r), single(r)
			return fmt.Sprintf("%08x%08x%08x", math.Float32bits(a), math.Float32bits(b), math.Float32bits(a+b))
		}))
	})
	t.Run("add in double", func(t *testing.T) {
		units(t, "convsim_float_add #(.E(11), .M(52)) add (.a(in[127:64]), .b(in[63:0]), .y(out));", 128, 64, draw(func() string {
			a, b := float64(single(r)), float64(single(r))*(1+r.Float64())
			return fmt.Sprintf("%016x%016x%016x", math.Float64bits(a), math.Float64bits(b), math.Float64bits(a+b))
		}))
	})
	t.Run("widen", func(t *testing.T) {
		units(t, "convsim_float_widen widen (.x(in), .y(out));", 32, 64, draw(func() string {
			x := single(r)
			return fmt.Sprintf("%08x%016x", math.Float32bits(x), math.Float64bits(float64(x)))
		}))
	})
	for _, op := range []struct {
		name string
		of   func(a, b float32) float32
	}{{"multiply", func(a, b float32) float32 { return a * b }}, {"divide", func(a, b float32) float32 { return a / b }}} {
		t.Run(op.name, func(t *testing.T) {
			units(t, "convsim_float_"+op.name+" it (.a(in[63:32]), .b(in[31:0]), .y(out));", 64, 32, draw(func() string {
				a, b := single(r), single(r)
				for b == 0 {
					b = single(r)
				}
				return fmt.Sprintf("%08x%08x%08x", math.Float32bits(a), math.Float32bits(b), math.Float32bits(op.of(a, b)))
			}))
		})
	}
	for _, bits := range []int{1, 4, 9} {
		t.Run(fmt.Sprintf("quotient by %d bits", bits), func(t *testing.T) {
			declare := fmt.Sprintf("convsim_float_quotient #(.NB(%d)) quotient (.x(in[%d:%d]), .n(in[%d:0]), .y(out));", bits, 63+bits, bits, bits-1)
			padded := (64 + bits + 3) / 4 * 4
			units(t, declare, padded, 32, draw(func() string {
				n := 1 + r.IntN(1<<bits-1)
				x := float64(single(r)) * float64(1+r.IntN(n))
				if r.IntN(2) == 0 { // close to a half of the last bit of the float32
					x = (float64(single(r)) + math.Ldexp(1, -24-r.IntN(30))) * float64(n)
				}
				b := new(big.Int).SetUint64(math.Float64bits(x))
				b.Lsh(b, uint(bits)).Or(b, big.NewInt(int64(n)))
				return fmt.Sprintf("%0*x%08x", padded/4, b, math.Float32bits(float32(x/float64(n))))
			}))
		})
	}
}
