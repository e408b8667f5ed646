package strictyaml

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSuggestion(t *testing.T) {
	keys := []string{"kernel_size", "stride", "padding", "padding_mode", "in_channels", "pe", "clock_mhz"}
	tests := []struct{ word, want string }{
		{"strides", "stride"}, {"kernal_size", "kernel_size"}, {"kernel", "kernel_size"}, {"in-channels", "in_channels"},
		{"PE", "pe"}, {"clock", "clock_mhz"}, {"pading", "padding"}, {"stirde", "stride"},
		{"xyz", ""}, {"q", ""}, {"", ""}, {"temperature", ""},
	}
	for _, tt := range tests {
		want := ""
		if tt.want != "" {
			want = "; did you mean " + tt.want + "?"
		}
		if got := Suggestion(tt.word, keys); got != want {
			t.Errorf("Suggestion(%q) = %q, want %q", tt.word, got, want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
	}
	for _, tt := range tests {
		if got := editDistance([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestEditDistanceIsSymmetricAndZeroOnlyForEqual(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abc")), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := editDistance(a, b)
		if d != editDistance(b, a) || (d == 0) != (string(a) == string(b)) {
			t.Fatalf("distance of %q and %q is %d", string(a), string(b), d)
		}
	})
}
