package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium driven over the plain WebDriver protocol.
type browser struct {
	t       *testing.T
	session string // address of the session
}

// openBrowser starts chromedriver and a browser, or skips the test where they are not installed.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	driver, err := exec.LookPath("chromedriver")
	if err != nil {
		t.Skip("chromedriver is not installed (Debian: apt-get install chromium chromium-driver)")
	}
	chromium := firstOf("chromium", "chromium-browser", "google-chrome")
	if chromium == "" {
		t.Skip("no chromium or google-chrome is installed (Debian: apt-get install chromium)")
	}
	b := &browser{t: t}
	address := startDriver(t, driver)
	var created struct{ SessionID string }
	b.call("POST", address+"/session", capabilities(chromium, t.TempDir()), &created)
	b.session = address + "/session/" + created.SessionID
	t.Cleanup(func() { b.call("DELETE", b.session, nil, nil) })
	return b
}

func firstOf(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startDriver returns the address of a chromedriver on a free port that ends with the test.
func startDriver(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.Command(path, "--port=0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	started := regexp.MustCompile(`started successfully on port (\d+)`)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if m := started.FindStringSubmatch(lines.Text()); m != nil {
			return "http://127.0.0.1:" + m[1]
		}
	}
	t.Fatal("chromedriver did not start")
	return ""
}

func capabilities(chromium, profile string) any {
	args := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + profile,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium refuses its own sandbox to root
	}
	return map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"goog:chromeOptions": map[string]any{"binary": chromium, "args": args},
		"goog:loggingPrefs":  map[string]string{"browser": "ALL", "performance": "ALL"},
	}}}
}

// call sends a command and decodes the value of its answer into out.
func (b *browser) call(method, address string, body, out any) {
	b.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, address, content)
	if err != nil {
		b.t.Fatal(err)
	}
	client := http.Client{Timeout: 60 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	var reply struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil || answer.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: %s %v\n%.600s", method, address, answer.Status, err, reply.Value)
	}
	if out != nil {
		if err := json.Unmarshal(reply.Value, out); err != nil {
			b.t.Fatalf("%s: %v in %.300s", address, err, reply.Value)
		}
	}
}

func (b *browser) post(command string, body, out any) {
	b.t.Helper()
	b.call("POST", b.session+command, body, out)
}

// open loads a file from disk in a window of the given size.
func (b *browser) open(path string, width, height int) {
	b.t.Helper()
	b.resize(width, height)
	b.post("/url", map[string]any{"url": "file://" + path}, nil)
}

func (b *browser) resize(width, height int) {
	b.t.Helper()
	b.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
}

// devtools sends a command of Chromium's own protocol.
func (b *browser) devtools(command string, params any) {
	b.t.Helper()
	b.post("/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
}

// script runs the body of a function in the page and decodes what it returns.
func (b *browser) script(body string, out any, args ...any) {
	b.t.Helper()
	b.post("/execute/sync", map[string]any{"script": body, "args": append([]any{}, args...)}, out)
}

// text returns the visible text of the first element a selector finds, or "".
func (b *browser) text(selector string) string {
	b.t.Helper()
	var out string
	b.script(`const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText ?? e.textContent : ""`, &out, selector)
	return out
}

// eventually waits a little for the page to show a text.
func (b *browser) eventually(selector, want string) {
	b.t.Helper()
	var got string
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = b.text(selector); strings.Contains(got, want) {
			return
		}
	}
	b.t.Errorf("%s shows %q, want %q in it", selector, got, want)
}

func (b *browser) act(source map[string]any) {
	b.t.Helper()
	b.post("/actions", map[string]any{"actions": []any{source}}, nil)
}

// mouse moves along the spots; with press set it holds the button from the first to the last.
func (b *browser) mouse(press bool, spots ...[2]float64) {
	b.t.Helper()
	var steps []map[string]any
	for k, s := range spots {
		steps = append(steps, map[string]any{"type": "pointerMove", "duration": 0, "x": int(s[0] + 0.5), "y": int(s[1] + 0.5)})
		if press && k == 0 {
			steps = append(steps, map[string]any{"type": "pointerDown", "button": 0})
		}
	}
	if press {
		steps = append(steps, map[string]any{"type": "pointerUp", "button": 0})
	}
	b.act(map[string]any{"type": "pointer", "id": "mouse", "actions": steps})
}

func (b *browser) keys(text string) {
	b.t.Helper()
	var steps []map[string]any
	for _, r := range text {
		steps = append(steps, map[string]any{"type": "keyDown", "value": string(r)}, map[string]any{"type": "keyUp", "value": string(r)})
	}
	if text == "" {
		return
	}
	b.act(map[string]any{"type": "key", "id": "keyboard", "actions": steps})
}

// logged returns the messages of a log since it was last asked for.
func (b *browser) logged(kind string) []string {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.post("/se/log", map[string]any{"type": kind}, &entries)
	var out []string
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s %s", e.Level, e.Message))
	}
	return out
}

func (b *browser) screenshot(path string) {
	b.t.Helper()
	var encoded string
	b.call("GET", b.session+"/screenshot", nil, &encoded)
	picture, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
