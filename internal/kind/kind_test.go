package kind_test

import (
	"encoding/json"
	"testing"

	"github.com/convsim/convsim/internal/kind"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		kind         kind.Kind
		name, phrase string
		computed     kind.Kind
	}{
		{kind.Integer, "integer", "an integer", kind.Number},
		{kind.Number, "number", "a number", kind.Number},
		{kind.String, "string", "a string", kind.String},
		{kind.Bool, "bool", "a bool", kind.Bool},
	} {
		if c.kind.String() != c.name || c.kind.Phrase() != c.phrase || c.kind.Computed() != c.computed {
			t.Errorf("%d: %s, %s, computed %s; want %+v", c.kind, c.kind, c.kind.Phrase(), c.kind.Computed(), c)
		}
		text, err := json.Marshal(c.kind)
		if err != nil || string(text) != `"`+c.name+`"` {
			t.Errorf("%s is written %s (%v)", c.name, text, err)
		}
		var back kind.Kind
		if err := json.Unmarshal(text, &back); err != nil || back != c.kind {
			t.Errorf("%s is read back as %v (%v)", text, back, err)
		}
	}
	for _, unknown := range []kind.Kind{0, 5, 200} {
		if unknown.String() != "nothing" {
			t.Errorf("%d is %s", unknown, unknown)
		}
	}
	var k kind.Kind
	if err := json.Unmarshal([]byte(`"nothing"`), &k); err == nil {
		t.Error("nothing is read as a kind")
	}
}
