package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/webdriver"
)

// TestCommandForDesignPage: the page of a sweep shows a command for a design that has no page of its
// run; pasted into a shell in another folder it makes one, and the page leads to it.
func TestCommandForDesignPage(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := webdriver.Start(t)
	dir := t.TempDir()
	bin, out := filepath.Join(dir, "bin"), filepath.Join(dir, "it's a folder")
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(bin, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "convsim")); err != nil {
		t.Skip("no symbolic links on this system:", err)
	}
	for name, text := range map[string]string{"layer.yaml": tinyLayer, "sweep.yaml": tinySweep} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sweep := convsim("sweep", "sweep.yaml", "--pages", "0", "--out", filepath.Base(out))
	sweep.Path, sweep.Dir = self, dir
	if text, err := sweep.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	page := filepath.Join(out, "report.html")
	b.Open(page, 1280, 900)
	choose := `document.querySelector("#detail .pick").click()`
	b.Script(choose, nil)
	cmd := exec.Command("sh", "-c", b.Text("#make-page"))
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, text)
	}
	b.Open(page, 1280, 900)
	b.Script(choose, nil)
	b.Script(`document.querySelector("#detail .pages a").click()`, nil)
	b.Eventually("#timeline .labels", "array")
	b.Quiet()
}

const tinyLayer = "{op: conv2d, in_channels: 4, out_channels: 8, kernel_size: 3, input: {height: 5, width: 6}}"

const tinySweep = `name: tiny
workload: layer.yaml
hardware: {name: base}
axes: {array.pe: [1, 2, 4]}
objectives: [{minimize: cycles}, {minimize: dsp}]
`
