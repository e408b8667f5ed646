package hdl

import (
	"fmt"
	"strings"
)

// names makes identifiers of names that hold anything, each once.
type names map[string]bool

// keywords are words that a name made of a stage, a layer or a file may be and an
// identifier may not.
var keywords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`accept_on alias always always_comb always_ff always_latch and assert assign assume
automatic before begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking
cmos config const constraint context continue cover covergroup coverpoint cross deassign default defparam design disable dist
do edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup endinterface endmodule
endpackage endprimitive endprogram endproperty endspecify endsequence endtable endtask enum event eventually expect export
extends extern final first_match for force foreach forever fork forkjoin function generate genvar global highz0 highz1 if iff
ifnone ignore_bins illegal_bins implements implies import incdir include initial inout input inside instance int integer
interconnect interface intersect join join_any join_none large let liblist library local localparam logic longint macromodule
matches medium modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null or output
package packed parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup
pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg reject_on release
repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared
sequence shortint shortreal showcancelled signed small soft solve specify specparam static string strong strong0 strong1
struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this throughout time timeprecision timeunit tran
tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union unique unique0 unsigned until until_with untyped use uwire
var vectored virtual void wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor`) {
		words[w] = true
	}
	return words
}()

// Identifier makes an identifier of a name: what no identifier has becomes an
// underscore.
func Identifier(name string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if id == "" || id[0] >= '0' && id[0] <= '9' || id[0] == '_' || keywords[strings.ToLower(id)] {
		id = "n" + id
	}
	return id
}

// As long as a name becomes an identifier, or a file, whole.
const (
	longest     = 80
	longestFile = 200
)

// topOf is the name of a top: with it begin the names of all modules of layers, and none may be that of
// a module of the library or the testbench, which all begin with "convsim_".
func topOf(name string) string {
	id := Identifier(name)
	if strings.HasPrefix(strings.ToLower(id)+"_", "convsim_") {
		id = "n" + id
	}
	return id[:min(len(id), longest)]
}

// make makes an identifier that none was made before.
func (n names) make(name string) string { return n.upTo(longest, name) }

// upTo makes one that is so long at most, but for what sets it apart.
func (n names) upTo(longest int, name string) string {
	id := Identifier(name)
	id = id[:min(len(id), longest)]
	at := id
	for i := 2; n[strings.ToLower(at)]; i++ {
		at = fmt.Sprintf("%s_%d", id, i)
	}
	n[strings.ToLower(at)] = true
	return at
}
