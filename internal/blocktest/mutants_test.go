package blocktest

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/hdl/proof"
)

// mutants are rules of the hardware broken, of modules that no layer of its own has.
// Those of layers are in hdl/proof.
var mutants = []struct{ kind, module, old, new string }{
	{"upsample", "convsim_upsample", "s_ready = held != HW'(DEPTH);", "s_ready = from_rd != HW'(DEPTH);"},
	{"upsample", "convsim_upsample", "!last_again_y ? from_row :", ""},
	{"upsample", "convsim_upsample", "(!full || m_ready);", "!full;"},
	{"upsample", "convsim_upsample", "pixel <= same_row ? row : after;", "pixel <= after;"},
	{"insert", "convsim_insert", "wire turn_y = last_y ||", "wire turn_y ="},
	{"insert", "convsim_insert", "shows = after_x == '0 && after_y == '0", "shows = after_x == '0"},
	{"pooling of frames", "convsim_gather", "!last || !full || m_ready", "!full || m_ready"},
	{"pooling of frames", "convsim_reduce", "first && k == 0", "k == 0"},
	{"pooling of frames", "convsim_gather", "ends ? '0 : fold + 1'b1", "fold + 1'b1"},
	{"adapter", "convsim_adapter_up", "frame_ends || n == NW'(K - 1)", "n == NW'(K - 1)"},
	{"adapter", "convsim_adapter_down", "frame_ends ? NW'(LAST) : NW'(K)", "NW'(K)"},
	{"adapter", "convsim_adapter_down", "s_ready = none;", "s_ready = none || left == NW'(1);"},
	{"width", "convsim_width_up", "s_ready = !side;", "s_ready = !side || out;"},
	{"width", "convsim_width_down", "!side && few", "!side && !part"},
	{"width generic", "convsim_width_any", "s_ready = !side;", "s_ready = !side || moves;"},
	{"concat", "convsim_concat", "room = !full || m_ready", "room = !full"},
	{"split", "convsim_split", "~full | m_ready | DROP", "~full | DROP"},
	{"fork", "convsim_fork", "{N{s_valid}} & ~done", "{N{s_valid}}"},
	{"fork together", "convsim_fork", "s_valid && &(m_ready | N'(1 << i))", "s_valid"},
	{"join", "convsim_join", "a_ready = m_ready && b_valid", "a_ready = m_ready"},
	{"tap", "convsim_tap", "s_ready = !side;", "s_ready = !side || load;"},
	{"batch", "convsim_batch", "s_ready = !all;", "s_ready = !all || ends;"},
	{"weights loaded", "convsim_array_loaded", "rest ? '0 : taken", "taken"},
	{"weights loaded", "convsim_array_core", "s_ready = there && run;", "s_ready = run;"},
	{"weights loaded", "convsim_array_core", ".m_ready(there && run)", ".m_ready(run)"},
	{"weights loaded", "convsim_array_loaded", "b_ready = uses;", "b_ready = 1'b1;"},
	{"requantize queued", "convsim_result", "used != CW'(CREDITS)", "used != CW'(CREDITS - 1)"},
}

// TestMutants breaks a rule of the hardware at a time: a machine with the module must
// notice.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred simulations")
	}
	s := icarus(t)
	for _, m := range mutants {
		t.Run(m.kind+" "+m.new, func(t *testing.T) {
			for _, k := range Kinds {
				if k.Name == m.kind {
					k.noticed(t, s, m.module, m.old, m.new)
				}
			}
		})
	}
}

// noticed holds that a machine of the kind does not stay equal with its module changed.
func (k Kind) noticed(t *testing.T, s proof.Simulator, module, old, with string) {
	t.Helper()
	const most = 60
	for seed := range uint64(most) {
		p := k.machine(9, seed).project(t, seed)
		if p == nil {
			continue
		}
		file := "rtl/" + module + ".sv"
		before := string(p.Files[file])
		if before == "" {
			continue
		}
		after := strings.Replace(before, old, with, 1)
		if after == before {
			t.Fatalf("%s has no %q", module, old)
		}
		p.Files[file] = []byte(after)
		r, err := p.Check(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Equal {
			t.Logf("noticed by design %d", seed+1)
			return
		}
	}
	t.Errorf("no design of %d noticed", most)
}
