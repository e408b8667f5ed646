package golden

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
	"github.com/google/go-cmp/cmp"
)

func wantErr(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// Every file of the committed suites is there and what the manifest says.
func TestCommittedSuitesAreWhole(t *testing.T) {
	want := map[string]int{"conv2d_int": 157, "conv2d_errors": 24, "conv2d_f32": 58, "digits_layers": 4, "qconv": 100,
		"conv_transpose2d": 75, "conv_transpose2d_errors": 9, "pool_misc": 55}
	models := []string{"networks.zip", "onnx_export.zip", "topologies.zip"} // of forms of their own: package onnx reads them
	got := map[string]int{}
	zips, err := filepath.Glob("../../testdata/golden/*.zip")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range zips {
		if slices.Contains(models, filepath.Base(path)) {
			continue
		}
		s, err := Open(path)
		if err != nil {
			t.Error(err)
			continue
		}
		got[s.Name] = len(s.Cases)
		for _, c := range s.Cases {
			checkWhole(t, c)
		}
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("suite %s has %d cases; want %d", name, got[name], n)
		}
	}
}

// checkWhole loads all tensors of a case, and compares the output with itself.
func checkWhole(t *testing.T, c Case) {
	t.Helper()
	for name := range c.Inputs {
		if _, err := c.Input(name); err != nil || !c.HasInput(name) {
			t.Error(err)
		}
	}
	for name := range c.Outputs {
		y, err := c.Output(name)
		if err != nil {
			t.Error(err)
		} else if name == "y" {
			if err := Compare(c, y); err != nil {
				t.Errorf("the expected output differs from itself: %v", err)
			}
		}
	}
}

// npy returns a tensor as a file.
func npy(t *testing.T, x *tensor.Tensor, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tensor.EncodeNPY(&out, x); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func floats(values ...float64) (*tensor.Tensor, error) {
	return tensor.From(tensor.Float64, values, len(values))
}

// suiteOf makes a suite of one case "c" from output files and the way to
// compare, given as JSON.
func suiteOf(t *testing.T, compare string, outputs map[string][]byte) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries := map[string]File{}
	for name, data := range outputs {
		x, err := tensor.DecodeNPY(bytes.NewReader(data), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		entries[name] = File{Name: name + ".npy", DType: x.DType().String(), Shape: x.Shape(), SHA256: hex.EncodeToString(sum[:])}
		files[name+".npy"] = &fstest.MapFile{Data: data}
	}
	text, err := json.Marshal(map[string]any{"suite": "s", "cases": []any{
		map[string]any{"id": "c", "compare": json.RawMessage(compare), "outputs": entries}}})
	if err != nil {
		t.Fatal(err)
	}
	files[manifestName] = &fstest.MapFile{Data: text}
	return files
}

func caseOf(t *testing.T, files fs.FS) Case {
	t.Helper()
	s, err := read(manifestName, files)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Case("c")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompareFloats(t *testing.T) {
	nan, inf, negative := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	for name, c := range map[string]struct {
		compare   string
		want, got []float64
		differ    string // empty: equal
	}{
		"exact":                     {`{"mode":"exact"}`, []float64{1, nan, negative}, []float64{1, nan, negative}, ""},
		"exact knows -0":            {`{"mode":"exact"}`, []float64{1, 0, 0}, []float64{1, negative, 0}, "1 of 3 elements differ, first at [1]: want 0, got -0"},
		"special: -0 is 0":          {`{"mode":"special"}`, []float64{0, nan, inf}, []float64{negative, nan, inf}, ""},
		"special: nan":              {`{"mode":"special"}`, []float64{1, nan, inf}, []float64{1, 1, nan}, "2 of 3 elements differ, first at [1]: want NaN, got 1"},
		"special: sign of inf":      {`{"mode":"special"}`, []float64{1, 1, inf}, []float64{1, 1, -inf}, "[2]: want +Inf, got -Inf"},
		"allclose":                  {`{"mode":"allclose","atol":1,"rtol":0.1}`, []float64{10, -10, 0}, []float64{12, -8, 1}, ""},
		"allclose, above":           {`{"mode":"allclose","atol":1,"rtol":0.1}`, []float64{10, -10, 0}, []float64{12.1, -12.1, 1.1}, "3 of 3"},
		"allclose: inf, nan":        {`{"mode":"allclose","atol":1}`, []float64{inf, nan, 0}, []float64{inf, nan, 0}, ""},
		"allclose: nan is no 0":     {`{"mode":"allclose","atol":1}`, []float64{0, 0, 0}, []float64{0, nan, 0}, "1 of 3"},
		"bound":                     {`{"mode":"bound"}`, []float64{0, 0, 0}, []float64{1, -2, 0}, ""},
		"bound, above":              {`{"mode":"bound"}`, []float64{0, 0, 0}, []float64{1.1, 2.1, 0.1}, "3 of 3"},
		"bound: nan is in no bound": {`{"mode":"bound"}`, []float64{0, 0, 0}, []float64{nan, 0, 0}, "1 of 3"},
		"allclose: inf is not near": {`{"mode":"allclose","atol":1,"rtol":1}`, []float64{inf, 0, 0}, []float64{1, 0, 0}, "1 of 3"},
		"furthest":                  {`{"mode":"allclose","atol":1}`, []float64{0, 0, 0}, []float64{2, -3.5, 3}, "want 0, got 2; largest difference 3.5 at [1]"},
		"unknown":                   {`{"mode":"roughly"}`, []float64{0, 0, 0}, []float64{0, 0, 0}, `compare mode "roughly"; allowed: exact, bound, allclose, special`},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := floats(c.want...)
			bound, errBound := floats(1, 2, 0)
			files := suiteOf(t, c.compare, map[string][]byte{"y": npy(t, want, err), "bound": npy(t, bound, errBound)})
			got, _ := floats(c.got...)
			err = Compare(caseOf(t, files), got)
			if c.differ == "" && err != nil {
				t.Error(err)
			}
			if c.differ != "" {
				wantErr(t, err, "s/c: ", c.differ)
			}
		})
	}
}

func TestCompareIntegers(t *testing.T) {
	want, err := tensor.FromInt32s(tensor.Int32, []int32{1, 2, 3, 4}, 2, 2)
	c := caseOf(t, suiteOf(t, `{"mode":"exact"}`, map[string][]byte{"output": npy(t, want, err)}))
	if err := Compare(c, want); err != nil {
		t.Error(err)
	}
	got, _ := tensor.FromInt32s(tensor.Int32, []int32{1, 2, 0, 5}, 2, 2)
	wantErr(t, Compare(c, got), "2 of 4 elements differ, first at [1 0]: want 3, got 0; largest difference 3 at [1 0]")
	flat, _ := want.Reshape(4)
	wantErr(t, Compare(c, flat), "want shape [2 2], got [4]")
	narrow, _ := want.Convert(tensor.Int8)
	wantErr(t, Compare(c, narrow), "want int32, got int8")
	float, _ := tensor.New(tensor.Float32, 2, 2)
	wantErr(t, Compare(c, float), "want int32, got float32")
}

func TestLoadRefuses(t *testing.T) {
	one, err := floats(1)
	data := npy(t, one, err)
	sum := sha256.Sum256(data)
	good := File{Name: "y.npy", DType: "float64", Shape: []int{1}, SHA256: hex.EncodeToString(sum[:])}
	s := &Suite{Name: "s", files: fstest.MapFS{"y.npy": {Data: data}}}
	if _, err := s.Load(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(f *File)
		want  string
	}{
		"hash":     {func(f *File) { f.SHA256 = "00" }, "y.npy has SHA-256 " + good.SHA256 + "; the manifest says 00"},
		"type":     {func(f *File) { f.DType = "int64" }, "y.npy holds float64 [1]; the manifest says int64 [1]"},
		"no type":  {func(f *File) { f.DType = "text" }, `unknown element type "text"`},
		"shape":    {func(f *File) { f.Shape = []int{1, 1} }, "the manifest says float64 [1 1]"},
		"missing":  {func(f *File) { f.Name = "z.npy" }, "z.npy"},
		"escaping": {func(f *File) { f.Name = "../y.npy" }, "../y.npy"},
	} {
		f := good
		c.spoil(&f)
		_, err := s.Load(f)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	c := caseOf(t, suiteOf(t, `{}`, map[string][]byte{"y": data, "bound": data}))
	_, err = c.Output("z")
	wantErr(t, err, `s/c: no output "z"; there are: bound, y`)
	_, err = c.Input("x")
	wantErr(t, err, `s/c: no input "x"`)
}

func TestOpenTheThreeWays(t *testing.T) {
	dir := t.TempDir()
	one, err := floats(1)
	for name, f := range suiteOf(t, `{"mode":"exact"}`, map[string][]byte{"y": npy(t, one, err)}) {
		if err := os.WriteFile(filepath.Join(dir, name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not packed"), 0o600); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(t.TempDir(), "s.zip")
	if err := os.WriteFile(packed, pack(t, os.DirFS(dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, manifestName), packed} {
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := Compare(s.Cases[0], one); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	s, err := Open(packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.files.Open("notes.txt"); err == nil {
		t.Error("a file that is no part of the suite was packed")
	}
	_, err = Open(filepath.Join(dir, "notes.txt"))
	wantErr(t, err, "notes.txt", "a folder, its manifest.json, or a zip of it")
	_, err = Open(filepath.Join(dir, "none"))
	wantErr(t, err, "none")
	_, err = s.Case("d")
	wantErr(t, err, `suite s has no case "d"`)
}

func pack(t *testing.T, folder fs.FS) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Pack(&out, folder); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPackIsDeterministic(t *testing.T) {
	one, err := floats(1)
	files := suiteOf(t, `{}`, map[string][]byte{"a": npy(t, one, err), "y": npy(t, one, err)})
	first := pack(t, files)
	files["a.npy"].ModTime = files["a.npy"].ModTime.AddDate(40, 0, 0)
	if !bytes.Equal(first, pack(t, files)) {
		t.Error("the zip depends on the time of a file")
	}
}

func TestManifestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{"cases": [{"id": "a"}, {"id": "a"}]}`:          `m.json:1:25: cases[1] has id "a"; allowed: a name of its own`,
		`{"cases": [{"op": "Conv2d"}]}`:                  `m.json:1:12: cases[0] has id ""`,
		`{"cases": [{"id": 7}, {"id": "b", "op": 5.5}]}`: "m.json:1:19: cases[0].id is number; allowed: a text\nm.json:1:41: cases[1].op is number",
		`{"cases": [`:       "m.json:1:11: not JSON: unexpected end of JSON input; allowed: the manifest of a suite",
		"{\"cases\":\n {}}": "m.json:2:2: cases is object; allowed: a list",
	} {
		_, err := read("m.json", fstest.MapFS{manifestName: {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
	_, err := read("m.json", fstest.MapFS{})
	wantErr(t, err, manifestName)
}

func TestLayer(t *testing.T) {
	s := &Suite{Name: "s"}
	c := Case{suite: s, ID: "c", Op: "Conv2d", Attrs: json.RawMessage(`{"in_channels": 2, "out_channels": 4,
		"kernel_size": [1, 2], "stride": [3, 4], "padding": [5, 6], "dilation": [7, 8], "groups": 2, "bias": true, "padding_mode": "circular"}`)}
	want := conv.Conv2d{InChannels: 2, OutChannels: 4, Kernel: conv.Pair{H: 1, W: 2}, Stride: conv.Pair{H: 3, W: 4},
		Dilation: conv.Pair{H: 7, W: 8}, Groups: 2, Bias: true, PaddingMode: conv.Circular,
		Padding: conv.Padding{Sides: conv.Sides{Top: 5, Bottom: 5, Left: 6, Right: 6}}}
	checkLayer(t, c, want)

	c = Case{suite: s, ID: "c", Op: "QLinearConv", Inputs: map[string]File{"w": {Shape: []int{4, 1, 1, 2}}, "B": {}},
		Attrs: json.RawMessage(`{"kernel_shape": [1, 2], "strides": [3, 4], "pads": [5, 6, 7, 8], "dilations": [1, 1], "group": 2}`)}
	want.Dilation, want.PaddingMode = conv.Pair{H: 1, W: 1}, conv.Zeros
	want.Padding.Sides = conv.Sides{Top: 5, Left: 6, Bottom: 7, Right: 8}
	checkLayer(t, c, want)

	c.Attrs = json.RawMessage(`{"auto_pad": "SAME_UP"}`)
	_, err := c.Layer()
	wantErr(t, err, "s/c: padding", "same_up")
	c.Inputs = nil
	_, err = c.Layer()
	wantErr(t, err, "four dimensions")
	c.Op = "MaxPool2d"
	_, err = c.Layer()
	wantErr(t, err, "op MaxPool2d; allowed: Conv2d, QLinearConv, ConvInteger")
}

func checkLayer(t *testing.T, c Case, want conv.Conv2d) {
	t.Helper()
	got, err := c.Layer()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestCasesKeepWhatIsNotListed(t *testing.T) {
	s, err := read("m.json", fstest.MapFS{manifestName: {Data: []byte(`{"cases": [{"id": "a", "tags": ["x"], "rounding": "even"}]}`)}})
	if err != nil {
		t.Fatal(err)
	}
	c := s.Cases[0]
	var more struct{ Rounding string }
	if err := c.Decode(&more); err != nil || !slices.Equal(c.Tags, []string{"x"}) || more.Rounding != "even" {
		t.Errorf("%v: tags %q, more %v", err, c.Tags, more)
	}
}
