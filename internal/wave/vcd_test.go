package wave

import (
	"bytes"
	"strings"
	"testing"
)

// TestNames: whatever signals and scopes are called, the names in a dump are legal,
// and different where the names were.
func TestNames(t *testing.T) {
	signals := []Signal{{Scope: []string{"a b"}, Name: "x", Width: 1}, {Scope: []string{"a.b"}, Name: "x", Width: 1},
		{Scope: []string{"a.b"}, Name: "$end", Width: 1}, {Scope: []string{"a.b"}, Name: "", Width: 0}}
	var b bytes.Buffer
	v := NewVCD(&b, "a $end of it", signals)
	v.Set(3, 2, []byte("1"))
	if err := v.Close(9); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"$scope module a_b $end", "$scope module a_b_2 $end", "$var wire 1 # _end $end",
		"$var string 1 $ _ $end", "#3\n1#\n#9\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
