package webdriver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"
)

// Browser is a headless Chromium driven over the plain WebDriver protocol.
type Browser struct {
	T       *testing.T // the test at hand
	session string     // address of the session
}

// Start starts chromedriver and a browser, or skips the test where they are not installed.
func Start(t *testing.T) *Browser {
	t.Helper()
	driver, err := exec.LookPath("chromedriver")
	if err != nil {
		t.Skip("chromedriver is not installed (Debian: apt-get install chromium chromium-driver)")
	}
	chromium := firstOf("chromium", "chromium-browser", "google-chrome")
	if chromium == "" {
		t.Skip("no chromium or google-chrome is installed (Debian: apt-get install chromium)")
	}
	b := &Browser{T: t}
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
func (b *Browser) call(method, address string, body, out any) {
	b.T.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.T.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, address, content)
	if err != nil {
		b.T.Fatal(err)
	}
	client := http.Client{Timeout: 60 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		b.T.Fatal(err)
	}
	defer answer.Body.Close()
	var reply struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil || answer.StatusCode != http.StatusOK {
		b.T.Fatalf("%s %s: %s %v\n%.600s", method, address, answer.Status, err, reply.Value)
	}
	if out != nil {
		if err := json.Unmarshal(reply.Value, out); err != nil {
			b.T.Fatalf("%s: %v in %.300s", address, err, reply.Value)
		}
	}
}

// Post sends a command of the session.
func (b *Browser) Post(command string, body, out any) {
	b.T.Helper()
	b.call("POST", b.session+command, body, out)
}
